// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/unicode/charsmap.h"

#include <fmt/format.h>

#include "core/utf8.h"

namespace lathe::text {
namespace {

std::uint32_t readUnit(std::string_view bytes, std::size_t at) {
    std::uint32_t unit = 0;
    for (std::size_t i = 0; i < 4; ++i)
        unit |= std::uint32_t(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    return unit;
}

}  // namespace

Result<CharsMap> CharsMap::parse(std::string_view bytes, std::string_view where) {
    CharsMap map;
    if (bytes.empty())
        return map;
    if (bytes.size() < 4)
        return fail(ErrorCode::InvalidInput, fmt::format("{}: the character map is too short", where));
    const std::size_t trieBytes = readUnit(bytes, 0);
    if (trieBytes == 0 || trieBytes % 4 != 0 || trieBytes > bytes.size() - 4)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{}: the character map says {} bytes, but has {}", where, trieBytes, bytes.size() - 4));
    map.m_units.reserve(trieBytes / 4);
    for (std::size_t at = 4; at < 4 + trieBytes; at += 4)
        map.m_units.push_back(readUnit(bytes, at));
    map.m_replacements = bytes.substr(4 + trieBytes);
    if (const std::size_t bad = firstInvalidUtf8(map.m_replacements); bad != std::string_view::npos)
        return fail(ErrorCode::InvalidInput, fmt::format("{}: the character map's texts are not UTF-8", where));
    return map;
}

std::string_view CharsMap::replacement(std::size_t at) const {
    const std::string_view all = m_replacements;
    if (at >= all.size())
        return {};
    // A map that points into the middle of a character would make text that is none.
    while (at < all.size() && (static_cast<unsigned char>(all[at]) & 0xC0) == 0x80)
        ++at;
    return all.substr(at, all.find('\0', at) - at);
}

bool decodeBase64(std::string_view text, std::string& out) {
    while (text.ends_with('='))
        text.remove_suffix(1);
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        int value = -1;
        if (c >= 'A' && c <= 'Z')
            value = c - 'A';
        else if (c >= 'a' && c <= 'z')
            value = c - 'a' + 26;
        else if (c >= '0' && c <= '9')
            value = c - '0' + 52;
        else if (c == '+' || c == '/')
            value = c == '+' ? 62 : 63;
        if (value < 0)
            return false;
        bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xFFFFFF;
        count += 6;
        if (count >= 8) {
            count -= 8;
            out.push_back(static_cast<char>(bits >> count & 0xFF));
        }
    }
    return true;
}

}  // namespace lathe::text
