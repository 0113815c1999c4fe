// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Full-width and half-width forms. Source: Unicode Standard, block "Halfwidth and Fullwidth Forms" (U+FF00 to U+FFEF).
#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/unistr.h>

#include "core/utf8.h"
#include "corpus/clean/cleaning.h"

namespace lathe::corpus {
namespace {

constexpr char32_t kFullBegin = 0xFF01, kFullEnd = 0xFF5E, kDistance = 0xFF01 - '!';

// Full-width forms that are the ordinary punctuation of Chinese and Japanese text.
bool isEastAsianPunctuation(char32_t c) {
    return std::u32string_view(U"！（），：；？［］｛｝～").find(c) != std::u32string_view::npos;
}

bool isHalfKatakana(char32_t c) {
    return c >= 0xFF61 && c <= 0xFF9F;
}
bool isFullKatakana(char32_t c) {
    return c >= 0x30A1 && c <= 0x30FC;
}

enum class Ascii { Keep, Half, Full };
enum class Katakana { Keep, Full, Half };

icu::UnicodeString toIcu(std::u32string_view text) {
    icu::UnicodeString out;
    for (const char32_t c : text)
        out.append(static_cast<UChar32>(c));
    return out;
}

void appendIcu(std::string& out, const icu::UnicodeString& text) {
    text.toUTF8String(out);
}

struct Width {
    Ascii ascii = Ascii::Half;
    Katakana katakana = Katakana::Full;
    bool punctuation = false;
    const icu::Normalizer2* nfkc = nullptr;
    std::shared_ptr<const icu::Transliterator> toHalf;

    char32_t letter(char32_t c) const {
        if (ascii == Ascii::Half && c >= kFullBegin && c <= kFullEnd && (punctuation || !isEastAsianPunctuation(c)))
            return c - kDistance;
        if (ascii == Ascii::Full && c >= '!' && c <= '~' && (punctuation || !isEastAsianPunctuation(c + kDistance)))
            return c + kDistance;
        return c;
    }

    StepOutcome operator()(std::string_view text) const {
        const std::u32string points = toCodePoints(text);
        StepOutcome outcome;
        outcome.text.reserve(text.size());
        for (std::size_t i = 0; i < points.size();) {
            const auto turns = katakana == Katakana::Full   ? isHalfKatakana
                               : katakana == Katakana::Half ? isFullKatakana
                                                            : nullptr;
            std::size_t end = i;
            while (turns && end < points.size() && turns(points[end]))
                ++end;
            if (end == i) {
                appendUtf8(outcome.text, letter(points[i++]));
                continue;
            }
            // A run as a whole: a voiced sound is one character in one width and two in the other.
            icu::UnicodeString run = toIcu(std::u32string_view(points).substr(i, end - i));
            if (katakana == Katakana::Full) {
                UErrorCode status = U_ZERO_ERROR;
                run = nfkc->normalize(run, status);
            } else {
                toHalf->transliterate(run);
            }
            appendIcu(outcome.text, run);
            i = end;
        }
        return outcome;
    }
};

Result<CleaningFunction> make(const Json& options) {
    Width width;
    const auto ascii = options["ascii"].get<std::string>(), katakana = options["katakana"].get<std::string>();
    width.ascii = ascii == "half" ? Ascii::Half : ascii == "full" ? Ascii::Full : Ascii::Keep;
    width.katakana = katakana == "full" ? Katakana::Full : katakana == "half" ? Katakana::Half : Katakana::Keep;
    width.punctuation = options["punctuation"].get<bool>();
    UErrorCode status = U_ZERO_ERROR;
    width.nfkc = icu::Normalizer2::getNFKCInstance(status);
    if (width.katakana == Katakana::Half)
        width.toHalf.reset(icu::Transliterator::createInstance("Fullwidth-Halfwidth", UTRANS_FORWARD, status));
    if (U_FAILURE(status))
        return fail(ErrorCode::Internal, std::string("ICU has no width tables: ") + u_errorName(status));
    return [width](std::string_view text) -> Result<StepOutcome> { return width(text); };
}

}  // namespace

CleaningStepEntry width() {
    return {.id = "width",
            .title = "Full and half width",
            .help =
                "Brings letters, digits and katakana to one width: ＡＢＣ１２３ becomes ABC123, ｶﾞ becomes ガ. "
                "Chinese punctuation such as ，and （ ）stays unless asked for.",
            .options = {choiceOption("ascii", "Letters and digits", "half", {"half", "full", "keep"},
                                     "the width of Latin letters, digits and signs"),
                        choiceOption("katakana", "Katakana", "full", {"full", "half", "keep"},
                                     "the width of Japanese katakana"),
                        boolOption("punctuation", "Chinese punctuation too", false,
                                   "also turn ，！？：；（ ） and the like, or their half-width counterparts")},
            .make = make};
}

}  // namespace lathe::corpus
