// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Unicode normalisation forms. Source: Unicode Standard Annex 15.
#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

#include "corpus/clean/cleaning.h"

namespace lathe::corpus {
namespace {

const icu::Normalizer2* normaliser(const std::string& form, UErrorCode& status) {
    if (form == "NFC")
        return icu::Normalizer2::getNFCInstance(status);
    if (form == "NFD")
        return icu::Normalizer2::getNFDInstance(status);
    if (form == "NFKC")
        return icu::Normalizer2::getNFKCInstance(status);
    return icu::Normalizer2::getNFKDInstance(status);
}

Result<CleaningFunction> make(const Json& options) {
    UErrorCode status = U_ZERO_ERROR;
    const auto* form = normaliser(options["form"].get<std::string>(), status);
    if (U_FAILURE(status))
        return fail(ErrorCode::Internal, std::string("ICU has no normaliser: ") + u_errorName(status));
    return [form](std::string_view text) -> Result<StepOutcome> {
        StepOutcome outcome;
        outcome.text.reserve(text.size());
        icu::StringByteSink<std::string> sink(&outcome.text);
        UErrorCode code = U_ZERO_ERROR;
        form->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())), sink, nullptr,
                            code);
        if (U_FAILURE(code))
            return fail(ErrorCode::OutOfMemory, std::string("the text cannot be normalised: ") + u_errorName(code));
        return outcome;
    };
}

}  // namespace

CleaningStepEntry unicodeForm() {
    return {.id = "unicode_form",
            .title = "Unicode form",
            .help =
                "Writes equal characters with equal codes: an accented letter as one character instead of a letter "
                "and an accent. NFKC and NFKD also replace characters that only look special (ligatures, circled "
                "digits, full-width letters and Chinese punctuation).",
            .options = {choiceOption("form", "Form", "NFC", {"NFC", "NFKC", "NFD", "NFKD"},
                                     "NFC changes nothing that can be seen; NFKC and NFKD lose distinctions such as "
                                     "a superscript")},
            .make = make};
}

}  // namespace lathe::corpus
