// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Chinese resident identity numbers. Source: GB 11643-1999 (form, check character), GB/T 2260 (provinces).
#include <array>
#include <chrono>
#include <string>

#include "corpus/clean/detail/masking.h"

namespace lathe::corpus {
namespace detail {
namespace {

bool isProvince(int code) {
    static constexpr std::array kCodes{11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43,
                                       44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83, 91};
    return std::ranges::find(kCodes, code) != kCodes.end();
}

int number(std::string_view digits) {
    int value = 0;
    for (const char c : digits)
        value = value * 10 + (c - '0');
    return value;
}

bool isPastDay(int year, int month, int day) {
    using namespace std::chrono;
    const year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                              std::chrono::day(static_cast<unsigned>(day))};
    return date.ok() && year >= 1900 && sys_days(date) <= time_point_cast<days>(system_clock::now());
}

}  // namespace

bool isResidentId(std::string_view text) {
    if (text.size() != 18)
        return false;
    static constexpr std::array kWeights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};  // 2^(17-i) mod 11
    int sum = 0;
    for (std::size_t i = 0; i < kWeights.size(); ++i) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        sum += kWeights[i] * (text[i] - '0');
    }
    const char check = text[17] == 'x' ? 'X' : text[17];
    return check == std::string_view("10X98765432")[static_cast<std::size_t>(sum % 11)] &&
           isProvince(number(text.substr(0, 2))) &&
           isPastDay(number(text.substr(6, 4)), number(text.substr(10, 2)), number(text.substr(12, 2)));
}

}  // namespace detail

namespace {

// The old form: 15 digits, a year of two, no check character.
bool isOldId(std::string_view digits) {
    return digits.size() == 15 && detail::isProvince(detail::number(digits.substr(0, 2))) &&
           detail::isPastDay(1900 + detail::number(digits.substr(6, 2)), detail::number(digits.substr(8, 2)),
                             detail::number(digits.substr(10, 2)));
}

std::optional<std::size_t> find(std::u32string_view text, std::size_t at, bool oldForm) {
    return detail::longestNumber(
        text, at, U" -",
        [oldForm](std::string_view digits) { return detail::isResidentId(digits) || (oldForm && isOldId(digits)); },
        true);
}

}  // namespace

CleaningStepEntry maskIdNumber() {
    return {.id = "mask_id_number",
            .title = "Mask Chinese ID numbers",
            .help = std::string("Replaces numbers of Chinese identity cards: 18 characters with a known province, a "
                                "date of birth that can be, and the right check character.") +
                    detail::kMaskingNote,
            .options = {detail::placeholderOption("[ID]"),
                        boolOption("old_form", "Old numbers too", false,
                                   "also 15 digits as before 1999; they have no check character, so that other "
                                   "numbers are taken for one now and then")},
            .make = [](const Json& options) -> Result<CleaningFunction> {
                return [oldForm = options["old_form"].get<bool>(),
                        placeholder =
                            options["placeholder"].get<std::string>()](std::string_view text) -> Result<StepOutcome> {
                    return detail::masked(
                        text, [oldForm](std::u32string_view plain, std::size_t at) { return find(plain, at, oldForm); },
                        placeholder);
                };
            }};
}

}  // namespace lathe::corpus
