// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Bank card numbers. Source: ISO/IEC 7812-1 (Luhn check digit) and the number ranges that the schemes publish.
#include <algorithm>
#include <array>

#include "corpus/clean/detail/masking.h"

namespace lathe::corpus {
namespace detail {

bool passesLuhn(std::string_view digits) {
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const int digit = digits[digits.size() - 1 - i] - '0';
        const int twice = 2 * digit;
        sum += i % 2 == 0 ? digit : twice > 9 ? twice - 9 : twice;
    }
    return !digits.empty() && sum % 10 == 0;
}

}  // namespace detail

namespace {

struct Range {
    int first, last;       // of the leading digits
    std::size_t prefix;    // how many they are
    std::size_t min, max;  // digits of the whole number
};

constexpr std::array kRanges{
    Range{4, 4, 1, 13, 19},        // Visa: 13, 16, 19
    Range{51, 55, 2, 16, 16},      // Mastercard
    Range{2221, 2720, 4, 16, 16},  // Mastercard
    Range{34, 34, 2, 15, 15},      // American Express
    Range{37, 37, 2, 15, 15},      // American Express
    Range{300, 305, 3, 14, 19},    // Diners Club
    Range{36, 36, 2, 14, 19},      // Diners Club
    Range{38, 39, 2, 14, 19},      // Diners Club
    Range{3528, 3589, 4, 16, 19},  // JCB
    Range{6011, 6011, 4, 16, 19},  // Discover
    Range{644, 659, 3, 16, 19},    // Discover
    Range{60, 60, 2, 16, 19},      // RuPay, older Chinese cards
    Range{62, 62, 2, 16, 19},      // UnionPay
    Range{81, 82, 2, 16, 19},      // UnionPay, RuPay
    Range{9558, 9558, 4, 19, 19},  // ICBC before UnionPay
    Range{2200, 2204, 4, 16, 19},  // Mir
    Range{50, 50, 2, 13, 19},      // Maestro
    Range{56, 58, 2, 13, 19},      // Maestro
    Range{639, 639, 3, 13, 19},    // Maestro
    Range{67, 67, 2, 13, 19},      // Maestro
};

bool isCard(std::string_view digits) {
    const auto leads = [&](const Range& range) {
        if (digits.size() < range.min || digits.size() > range.max)
            return false;
        int value = 0;
        for (const char c : digits.substr(0, range.prefix))
            value = value * 10 + (c - '0');
        return value >= range.first && value <= range.last;
    };
    const bool isVisa = digits.starts_with('4');
    if (isVisa && digits.size() != 13 && digits.size() != 16 && digits.size() != 19)
        return false;
    return std::ranges::any_of(kRanges, leads) && detail::passesLuhn(digits) && !detail::isResidentId(digits);
}

std::optional<std::size_t> find(std::u32string_view text, std::size_t at) {
    return detail::longestNumber(text, at, U" -", isCard);
}

}  // namespace

CleaningStepEntry maskBankCard() {
    return detail::maskingStep("mask_bank_card", "Mask bank cards",
                               "Replaces card numbers of 13 to 19 digits, plain or in groups, that begin as the cards "
                               "of a known scheme do and have the right check digit. One in ten order numbers of such "
                               "a form has the right check digit by chance.",
                               "[CARD]", find);
}

}  // namespace lathe::corpus
