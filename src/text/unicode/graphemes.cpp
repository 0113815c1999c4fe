// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/unicode/graphemes.h"

#include <unicode/uchar.h>

#include <array>
#include <cstdint>

#include "core/utf8.h"

namespace lathe::text {
namespace {

constexpr std::uint8_t kPictograph = 0x80;  // beside the break property

std::uint8_t computeProperty(char32_t c) {
    const auto code = static_cast<UChar32>(c);
    const auto property = static_cast<std::uint8_t>(u_getIntPropertyValue(code, UCHAR_GRAPHEME_CLUSTER_BREAK));
    const bool pictograph = u_hasBinaryProperty(code, UCHAR_EXTENDED_PICTOGRAPHIC) != 0;
    return static_cast<std::uint8_t>(pictograph ? property | kPictograph : property);
}

std::uint8_t propertyOf(char32_t c) {
    static const auto table = [] {
        std::array<std::uint8_t, 0x10000> made{};
        for (char32_t at = 0; at < made.size(); ++at)
            made[at] = computeProperty(at);
        return made;
    }();
    return c < table.size() ? table[c] : computeProperty(c);
}

bool isBreaker(int property) {
    return property == U_GCB_CONTROL || property == U_GCB_CR || property == U_GCB_LF;
}

bool hangulJoins(int before, int after) {
    if (before == U_GCB_L)
        return after == U_GCB_L || after == U_GCB_V || after == U_GCB_LV || after == U_GCB_LVT;
    if (before == U_GCB_LV || before == U_GCB_V)
        return after == U_GCB_V || after == U_GCB_T;
    return (before == U_GCB_LVT || before == U_GCB_T) && after == U_GCB_T;
}

}  // namespace

std::size_t graphemeEnd(std::string_view text, std::size_t begin) {
    std::size_t end = begin;
    const char32_t first = nextCodePoint(text, end);
    if (end < text.size() && first < 0x80 && first != '\r' && static_cast<unsigned char>(text[end]) < 0x80)
        return end;
    std::uint8_t bits = propertyOf(first);
    int before = bits & ~kPictograph;
    bool pictograph = (bits & kPictograph) != 0;  // a pictograph, then only extenders
    bool joiner = false;                          // and a joiner last
    bool flagOpen = before == U_GCB_REGIONAL_INDICATOR;
    while (end < text.size()) {
        std::size_t next = end;
        bits = propertyOf(nextCodePoint(text, next));
        const int after = bits & ~kPictograph;
        const bool afterPictograph = (bits & kPictograph) != 0;
        bool joins = false;
        if (before == U_GCB_CR)
            joins = after == U_GCB_LF;
        else if (!isBreaker(before) && !isBreaker(after))
            joins = hangulJoins(before, after) || after == U_GCB_EXTEND || after == U_GCB_ZWJ ||
                    after == U_GCB_SPACING_MARK || before == U_GCB_PREPEND || (joiner && afterPictograph) ||
                    (flagOpen && after == U_GCB_REGIONAL_INDICATOR);
        if (!joins)
            return end;
        flagOpen = after == U_GCB_REGIONAL_INDICATOR && !(flagOpen && before == U_GCB_REGIONAL_INDICATOR);
        joiner = pictograph && after == U_GCB_ZWJ;
        pictograph = afterPictograph || (pictograph && (after == U_GCB_EXTEND || after == U_GCB_ZWJ));
        before = after;
        end = next;
    }
    return end;
}

}  // namespace lathe::text
