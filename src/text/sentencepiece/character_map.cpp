// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sentencepiece/character_map.h"

#include <cstring>

namespace lathe::text {
namespace {

// One unit of the double array.
constexpr bool isLeaf(std::uint32_t unit) {
    return (unit >> 31) != 0;
}
constexpr bool hasLeaf(std::uint32_t unit) {
    return ((unit >> 8) & 1u) != 0;
}
constexpr std::uint32_t valueOf(std::uint32_t unit) {
    return unit & 0x7FFFFFFFu;
}
/// The byte that leads here; a leaf has bit 31 set and so equals no byte.
constexpr std::uint32_t labelOf(std::uint32_t unit) {
    return unit & 0x800000FFu;
}
constexpr std::uint32_t offsetOf(std::uint32_t unit) {
    return (unit >> 10) << ((unit & (1u << 9)) >> 6);
}

/// The sizes of a blob's two parts; {0, 0} where they do not fit.
struct Parts {
    std::string_view trie, strings;
};

Parts split(std::string_view blob) {
    std::uint32_t trieBytes = 0;
    if (blob.size() <= sizeof trieBytes)
        return {};
    for (std::size_t i = 0; i < sizeof trieBytes; ++i)
        trieBytes |= std::uint32_t(static_cast<unsigned char>(blob[i])) << (8 * i);
    blob.remove_prefix(sizeof trieBytes);
    if (trieBytes >= blob.size())
        return {};
    return {blob.substr(0, trieBytes), blob.substr(trieBytes)};
}

std::vector<std::uint32_t> unitsOf(std::string_view trie) {
    std::vector<std::uint32_t> units(trie.size() / 4);
    for (std::size_t i = 0; i < trie.size() / 4 * 4; ++i)
        units[i / 4] |= std::uint32_t(static_cast<unsigned char>(trie[i])) << (8 * (i % 4));
    return units;
}

}  // namespace

std::string CharacterMap::problem(std::string_view blob) {
    if (blob.empty())
        return "";
    const Parts parts = split(blob);
    // Blocks of 256 units: the children of a unit lie in the block at its position XOR its offset.
    if (parts.trie.empty() || parts.trie.size() % 1024 != 0)
        return "its character map has a wrong size";
    if (parts.strings.back() != '\0')
        return "its character map has an unfinished string";
    const std::vector<std::uint32_t> units = unitsOf(parts.trie);
    if (isLeaf(units[0]))
        return "its character map has no root";
    for (std::size_t i = 0; i < units.size(); ++i) {
        if (isLeaf(units[i])) {
            if (valueOf(units[i]) >= parts.strings.size())
                return "its character map points outside its strings";
        } else if (((i ^ offsetOf(units[i])) | 0xFF) >= units.size()) {
            return "its character map points outside its trie";
        }
    }
    return "";
}

CharacterMap::CharacterMap(std::string_view blob) {
    if (blob.empty())
        return;
    const Parts parts = split(blob);
    m_units = unitsOf(parts.trie);
    m_strings = parts.strings;
    const std::uint32_t root = offsetOf(m_units[0]);
    for (std::uint32_t byte = 0; byte < 256; ++byte)
        m_begins[byte] = labelOf(m_units[root ^ byte]) == byte;
}

CharacterMap::Rule CharacterMap::longest(std::string_view text) const {
    Rule rule;
    if (m_units.empty())
        return rule;
    std::uint32_t at = offsetOf(m_units[0]);
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::uint32_t byte = static_cast<unsigned char>(text[i]);
        at ^= byte;
        const std::uint32_t unit = m_units[at];
        if (labelOf(unit) != byte)
            break;
        at ^= offsetOf(unit);
        if (hasLeaf(unit) && isLeaf(m_units[at])) {
            rule.length = i + 1;
            value = valueOf(m_units[at]);
        }
    }
    if (rule.length > 0)
        rule.replacement = std::string_view(m_strings.c_str() + value);
    return rule;
}

}  // namespace lathe::text
