// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/word_pieces.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>

#include "core/utf8.h"

namespace lathe::text {
namespace {

bool isSpace(char32_t c) {
    return u_isUWhiteSpace(static_cast<UChar32>(c)) != 0;
}

bool isWordCharacter(char32_t c) {
    const auto point = static_cast<UChar32>(c);
    const bool isMark = (U_MASK(u_charType(point)) & U_GC_M_MASK) != 0;
    if (u_isalnum(point) == 0 && !isMark)
        return false;
    UErrorCode error = U_ZERO_ERROR;
    switch (uscript_getScript(point, &error)) {
        case USCRIPT_HAN:
        case USCRIPT_HIRAGANA:
        case USCRIPT_KATAKANA:
        case USCRIPT_THAI:
        case USCRIPT_LAO:
        case USCRIPT_KHMER:
        case USCRIPT_MYANMAR:
            return false;
        default:
            return true;
    }
}

}  // namespace

std::vector<Offset> withoutSpaces(std::string_view text, const std::vector<Offset>& offsets) {
    const std::u32string points = toCodePoints(text);
    const auto size = static_cast<std::int32_t>(points.size());
    std::vector<Offset> trimmed = offsets;
    for (Offset& at : trimmed) {
        at.end = std::clamp(at.end, 0, size);
        at.begin = std::clamp(at.begin, 0, at.end);
        while (at.begin < at.end && isSpace(points[static_cast<std::size_t>(at.begin)]))
            ++at.begin;
        while (at.begin < at.end && isSpace(points[static_cast<std::size_t>(at.end) - 1]))
            --at.end;
        if (at.begin == at.end)
            at = {};
    }
    return trimmed;
}

std::vector<bool> continuesWord(std::string_view text, const std::vector<Offset>& offsets) {
    const std::u32string points = toCodePoints(text);
    std::vector<bool> continues(offsets.size(), false);
    for (std::size_t i = 1; i < offsets.size(); ++i) {
        const Offset before = offsets[i - 1], at = offsets[i];
        if (before.begin == before.end || at.begin == at.end || static_cast<std::size_t>(at.end) > points.size())
            continue;
        // Pieces of one character (its bytes) have the same place.
        continues[i] = before == at || (before.end == at.begin && at.begin > 0 &&
                                        isWordCharacter(points[static_cast<std::size_t>(at.begin) - 1]) &&
                                        isWordCharacter(points[static_cast<std::size_t>(at.begin)]));
    }
    return continues;
}

}  // namespace lathe::text
