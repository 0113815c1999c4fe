// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Characters that nobody sees: controls, zero-width spaces, soft hyphens, direction marks. Joiners stay where they
// change what is seen: within emoji (Unicode Technical Standard 51) and in scripts that join their letters.
#include <unicode/uchar.h>

#include "core/utf8.h"
#include "corpus/clean/cleaning.h"
#include "corpus/clean/detail/scripts.h"

namespace lathe::corpus {
namespace {

constexpr char32_t kNonJoiner = 0x200C, kJoiner = 0x200D, kEmojiStyle = 0xFE0F;

bool has(char32_t c, UProperty property) {
    return u_hasBinaryProperty(static_cast<UChar32>(c), property) != 0;
}

bool isControl(char32_t c) {
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7F && c <= 0x9F && c != 0x85);
}
bool isNonCharacter(char32_t c) {
    return (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
}
bool isZeroWidth(char32_t c) {
    return c == 0xAD || c == 0x34F || c == 0x180E || c == 0x200B || (c >= 0x2060 && c <= 0x2064) || c == 0xFEFF ||
           (c >= 0xFFF9 && c <= 0xFFFB);
}
bool isDirection(char32_t c) {
    return c == 0x61C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

// The joiner at `at` is part of an emoji: picture (modifier or style)* joiner picture.
bool joinsEmoji(const std::u32string& text, std::size_t at) {
    if (at + 1 >= text.size() || !has(text[at + 1], UCHAR_EXTENDED_PICTOGRAPHIC))
        return false;
    std::size_t before = at;
    while (before > 0 && (text[before - 1] == kEmojiStyle || has(text[before - 1], UCHAR_EMOJI_MODIFIER)))
        --before;
    return before > 0 && has(text[before - 1], UCHAR_EXTENDED_PICTOGRAPHIC);
}

bool joinsLetters(const std::u32string& text, std::size_t at) {
    return at > 0 && detail::needsJoiners(text[at - 1]);
}

Result<CleaningFunction> make(const Json& options) {
    const bool controls = options["control"].get<bool>(), zeroWidth = options["zero_width"].get<bool>(),
               directions = options["direction"].get<bool>();
    return [=](std::string_view text) -> Result<StepOutcome> {
        const std::u32string points = toCodePoints(text);
        StepOutcome outcome;
        outcome.text.reserve(text.size());
        for (std::size_t i = 0; i < points.size(); ++i) {
            const char32_t c = points[i];
            const bool isLooseJoiner = (c == kJoiner && !joinsEmoji(points, i) && !joinsLetters(points, i)) ||
                                       (c == kNonJoiner && !joinsLetters(points, i));
            const bool goes = (controls && (isControl(c) || isNonCharacter(c))) ||
                              (zeroWidth && (isZeroWidth(c) || isLooseJoiner)) || (directions && isDirection(c));
            if (!goes)
                appendUtf8(outcome.text, c);
        }
        return outcome;
    };
}

}  // namespace

CleaningStepEntry invisible() {
    return {.id = "invisible",
            .title = "Control and invisible characters",
            .help =
                "Takes out what nobody sees and a model stumbles over. Joiners stay in emoji and in scripts such "
                "as Persian and Hindi, where they change the reading.",
            .options = {boolOption("control", "Control characters", true,
                                   "NUL, bell, escape and the like; tabs and line ends stay"),
                        boolOption("zero_width", "Zero-width characters", true,
                                   "zero-width spaces, byte order marks within the text, soft hyphens, loose joiners"),
                        boolOption("direction", "Direction marks", false,
                                   "left-to-right and right-to-left marks; Arabic and Hebrew may need them")},
            .make = make};
}

}  // namespace lathe::corpus
