// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Finds many terms in a text at once, by a trie of code points. Private to src/assist. Thread: any, once built.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "assist/rule.h"

namespace lathe::assist::detail {

/// Code point by code point, so that positions stay: full-width ASCII to ASCII, and simple case folding unless
/// \p matchCase.
std::u32string foldForTerms(std::string_view text, bool matchCase);

class TermFinder {
public:
    /// \p id >= 0; of a term that is added twice the first id stays.
    void add(std::u32string_view term, int id);
    bool isEmpty() const { return m_ids.size() == 1; }

    struct Found {
        TextRange range;
        int id = 0;
    };
    /// From each place the longest term, as a whole word: letters and digits that touch it make it another word, but
    /// not in scripts that are written without spaces. What is found does not overlap.
    std::vector<Found> find(std::u32string_view text) const;

private:
    std::unordered_map<std::uint64_t, std::uint32_t> m_next;  ///< (node, code point) -> node
    std::vector<int> m_ids{-1};                               ///< of the term that ends in a node, -1: none
};

}  // namespace lathe::assist::detail
