// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the masking steps share: a text as code points with full-width forms read as plain ones, the search for what
// begins at a position, and placeholders put for what was found. Chinese has no spaces between words, so a number ends
// where its own characters end: Chinese characters beside it are a border, letters and digits are none.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "corpus/clean/cleaning.h"

namespace lathe::corpus::detail {

/// One element a code point of the text, in the same place; full-width ASCII as ASCII.
std::u32string plainForms(std::u32string_view text);

inline bool isDigit(char32_t c) {
    return c >= '0' && c <= '9';
}
inline bool isAlphanumeric(char32_t c) {
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
/// The character before or behind a position; 0 at the text's ends.
inline char32_t before(std::u32string_view text, std::size_t at) {
    return at > 0 ? text[at - 1] : U'\0';
}
inline char32_t behind(std::u32string_view text, std::size_t end) {
    return end < text.size() ? text[end] : U'\0';
}

/// The longest number that begins at \p at and that \p accepts, as the position behind it. Single \p separators may
/// stand between digits; the number ends where one stands or where no letter or digit follows, so that a date behind a
/// card number does not hide it. With \p mayEndInX an x may follow the digits; it is handed over as "X".
std::optional<std::size_t> longestNumber(std::u32string_view text, std::size_t at, std::u32string_view separators,
                                         const std::function<bool(std::string_view digits)>& accepts,
                                         bool mayEndInX = false);

/// Where what begins at \p at ends; nullopt: nothing begins there. \p text in plain forms.
using Detector = std::function<std::optional<std::size_t>(std::u32string_view text, std::size_t at)>;

/// Everything that \p detector finds, from left to right, replaced by \p placeholder.
StepOutcome masked(std::string_view text, const Detector& detector, const std::string& placeholder);

/// The option that all masking steps have. \p fallback "[PHONE]".
OptionSpec placeholderOption(std::string fallback);
/// What all masking steps say about what they do not do.
extern const char* const kMaskingNote;

/// The step that masks what \p detector finds.
CleaningStepEntry maskingStep(std::string id, std::string title, std::string help, std::string placeholder,
                              Detector detector);

// Checks of numbers, for tests and for steps that must not take another kind's number.

/// 18 characters: known province, a day that was, check character. Source: GB 11643-1999, ISO 7064 MOD 11-2.
bool isResidentId(std::string_view text);
/// Source: ISO/IEC 7812-1, annex B (Luhn).
bool passesLuhn(std::string_view digits);
/// Letters and digits without spaces. Source: ISO 13616 (SWIFT IBAN registry), ISO 7064 MOD 97-10.
bool isIban(std::string_view text);

}  // namespace lathe::corpus::detail
