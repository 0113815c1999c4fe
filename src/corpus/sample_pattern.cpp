// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/sample_pattern.h"

#include <fmt/format.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <limits>

#include "core/utf8.h"

namespace lathe::corpus::detail {
namespace {

/// ICU counts steps of its matcher in portions that take about a millisecond.
constexpr std::int32_t kTimeLimit = 250;
constexpr std::size_t kShownCharacters = 12;

// \returns false when the text has more than ICU can count.
bool toUtf16(std::string_view text, std::u16string& out) {
    if (text.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
        return false;
    out.resize(text.size());  // never more units than bytes
    std::int32_t length = 0;
    UErrorCode code = U_ZERO_ERROR;
    u_strFromUTF8(out.data(), static_cast<std::int32_t>(out.size()), &length, text.data(),
                  static_cast<std::int32_t>(text.size()), &code);
    out.resize(static_cast<std::size_t>(length));
    return U_SUCCESS(code) != 0;
}

const char* reasonOf(UErrorCode code) {
    switch (code) {
        case U_REGEX_MISMATCHED_PAREN:
            return "a bracket ( is not closed, or a ) closes none";
        case U_REGEX_MISSING_CLOSE_BRACKET:
            return "a bracket [ is not closed";
        case U_REGEX_BAD_ESCAPE_SEQUENCE:
            return "a backslash with a letter that means nothing";
        case U_REGEX_BAD_INTERVAL:
        case U_REGEX_NUMBER_TOO_BIG:
        case U_REGEX_MAX_LT_MIN:
            return "a repetition {from,to} is wrong";
        case U_REGEX_INVALID_RANGE:
            return "a range of characters runs backwards";
        case U_REGEX_PROPERTY_SYNTAX:
            return "a property \\p{...} is not known";
        case U_REGEX_INVALID_BACK_REF:
        case U_REGEX_INVALID_CAPTURE_GROUP_NAME:
            return "it refers to a group that is not there";
        case U_REGEX_LOOK_BEHIND_LIMIT:
            return "what is looked for behind must have a greatest length";
        default:
            return "a * + or ? with nothing before it, or a sign out of place";
    }
}

Error syntaxError(std::string_view pattern, UErrorCode code, const UParseError& place) {
    const std::u32string characters = toCodePoints(pattern);
    // ICU counts lines from 1 and characters within the line from 1; a filter's pattern is one line.
    const auto at = std::min<std::size_t>(static_cast<std::size_t>(std::max(place.offset, 0)), characters.size());
    const std::size_t from = at > kShownCharacters ? at - kShownCharacters : 0;
    return {ErrorCode::InvalidInput,
            fmt::format("the regular expression is wrong at character {}, after \"{}\": {}", at,
                        toUtf8(std::u32string_view(characters).substr(from, at - from)), reasonOf(code)),
            u_errorName(code)};
}

}  // namespace

Result<SamplePattern> SamplePattern::compile(std::string_view pattern) {
    std::u16string units;
    if (!toUtf16(pattern, units))
        return fail(ErrorCode::InvalidInput, "the regular expression is not valid UTF-8");
    UErrorCode code = U_ZERO_ERROR;
    UParseError place = {};
    SamplePattern made(uregex_open(units.data(), static_cast<std::int32_t>(units.size()),
                                   UREGEX_CASE_INSENSITIVE | UREGEX_MULTILINE, &place, &code));
    if (U_FAILURE(code))
        return fail(syntaxError(pattern, code, place));
    uregex_setTimeLimit(made.m_regex.get(), kTimeLimit, &code);
    return made;
}

Result<bool> SamplePattern::isFoundIn(std::string_view text) {
    if (!toUtf16(text, m_text))
        return false;
    UErrorCode code = U_ZERO_ERROR;
    uregex_setText(m_regex.get(), m_text.data(), static_cast<std::int32_t>(m_text.size()), &code);
    const bool found = uregex_find(m_regex.get(), 0, &code) != 0;
    if (code == U_REGEX_TIME_OUT || code == U_REGEX_STACK_OVERFLOW)
        return fail(
            ErrorCode::InvalidInput,
            "the regular expression takes too long on one of the texts; a repetition within a repetition, as in "
            "(a+)+, is the usual cause: write it without");
    if (U_FAILURE(code))
        return fail(ErrorCode::Internal, fmt::format("the regular expression failed: {}", u_errorName(code)));
    return found;
}

}  // namespace lathe::corpus::detail
