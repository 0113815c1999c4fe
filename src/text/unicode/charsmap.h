// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SentencePiece's compiled character map: byte strings and what replaces them. \source sentencepiece/src/normalizer.cc,
// darts-clone's unit layout (value 31 bits, leaf bit 31, label 8 bits, has-leaf bit 8, offset above). Thread: any.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace lathe::text {

class CharsMap {
public:
    CharsMap() = default;
    /// \param bytes the size of the trie, the trie, the replacements with a zero byte behind each. Empty: nothing is
    /// replaced. \returns InvalidInput.
    static Result<CharsMap> parse(std::string_view bytes, std::string_view where);
    bool empty() const { return m_units.empty(); }

    /// Calls \p found(length in bytes, replacement) for each entry that \p text begins with, the shortest first; stops
    /// where it returns false.
    template <class Found>
    void prefixes(std::string_view text, const Found& found) const {
        if (m_units.empty())
            return;
        std::size_t node = offsetOf(m_units[0]);
        for (std::size_t i = 0; i < text.size(); ++i) {
            const auto byte = static_cast<unsigned char>(text[i]);
            node ^= byte;
            if (byte == 0 || node >= m_units.size() || (m_units[node] & 0x800000FFu) != byte)
                return;
            const bool ends = (m_units[node] >> 8 & 1) != 0;
            node ^= offsetOf(m_units[node]);
            if (ends && node < m_units.size() && !found(i + 1, replacement(m_units[node] & 0x7FFFFFFFu)))
                return;
        }
    }

private:
    static std::size_t offsetOf(std::uint32_t unit) {
        return static_cast<std::size_t>(unit >> 10) << ((unit & (1u << 9)) >> 6);
    }
    std::string_view replacement(std::size_t at) const;
    std::vector<std::uint32_t> m_units;
    std::string m_replacements;
};

/// Standard alphabet with padding; white space is not allowed. false where \p text is none.
bool decodeBase64(std::string_view text, std::string& out);

}  // namespace lathe::text
