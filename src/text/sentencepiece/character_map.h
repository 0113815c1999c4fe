// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SentencePiece's compiled character map ("precompiled_charsmap"): what a run of bytes becomes, the longest rule first.
// Thread: any, once built.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lathe::text {

class CharacterMap {
public:
    struct Rule {
        std::size_t length = 0;  ///< bytes of the text that the rule takes; 0 where none matches
        std::string_view replacement;
    };

    /// Maps nothing.
    CharacterMap() = default;
    /// What makes \p blob unusable, or "" if nothing does. Every look-up in a blob without problem stays inside it.
    /// \source normalizer.cc (size of the trie, the trie, NUL-ended strings), darts-clone's unit layout (value 31 bits,
    /// leaf bit 31, label 8 bits, has-leaf bit 8, offset above).
    static std::string problem(std::string_view blob);
    /// \param blob without problem(); "" maps nothing.
    explicit CharacterMap(std::string_view blob);

    bool isEmpty() const { return m_units.empty(); }
    /// Does a rule begin with this byte?
    bool mayBegin(char byte) const { return m_begins[static_cast<unsigned char>(byte)]; }
    /// The longest rule that matches at the beginning of \p text.
    Rule longest(std::string_view text) const;

private:
    std::vector<std::uint32_t> m_units;
    std::string m_strings;
    std::array<bool, 256> m_begins{};
};

}  // namespace lathe::text
