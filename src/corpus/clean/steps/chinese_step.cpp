// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Traditional and simplified Chinese, by ICU's transliterator (character tables of the Unicode Han database with some
// longer matches).
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "core/utf8.h"
#include "corpus/clean/cleaning.h"

namespace lathe::corpus {
namespace {

bool hasHan(std::string_view text) {
    for (std::size_t at = 0; at < text.size();)
        if (u_hasBinaryProperty(static_cast<UChar32>(nextCodePoint(text, at)), UCHAR_IDEOGRAPHIC))
            return true;
    return false;
}

Result<CleaningFunction> make(const Json& options) {
    const bool simplify = options["to"].get<std::string>() == "simplified";
    UErrorCode status = U_ZERO_ERROR;
    std::shared_ptr<const icu::Transliterator> table(icu::Transliterator::createInstance(
        simplify ? "Traditional-Simplified" : "Simplified-Traditional", UTRANS_FORWARD, status));
    if (U_FAILURE(status) || !table)
        return fail(ErrorCode::Internal, std::string("ICU has no tables of Chinese: ") + u_errorName(status));
    return [table](std::string_view text) -> Result<StepOutcome> {
        StepOutcome outcome;
        if (!hasHan(text)) {
            outcome.text = text;
            return outcome;
        }
        auto turned =
            icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
        table->transliterate(turned);
        turned.toUTF8String(outcome.text);
        return outcome;
    };
}

}  // namespace

CleaningStepEntry chinese() {
    return {.id = "chinese",
            .title = "Traditional and simplified Chinese",
            .help =
                "Writes Chinese in one set of characters. To simplified is nearly always right. To traditional is "
                "a guess where one simplified character stands for several (后 for 後 and 后, 发 for 發 and 髮), "
                "because each character is turned by itself. Words that differ between regions (软件, 軟體) "
                "stay. Japanese texts should be left out.",
            .options = {choiceOption("to", "Write as", "simplified", {"simplified", "traditional"},
                                     "the characters to write with")},
            .make = make};
}

}  // namespace lathe::corpus
