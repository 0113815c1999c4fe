// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// International bank account numbers. Source: ISO 13616-1, SWIFT IBAN registry (lengths), ISO 7064 MOD 97-10.
#include <algorithm>
#include <array>
#include <utility>

#include "corpus/clean/detail/masking.h"

namespace lathe::corpus {
namespace detail {
namespace {

constexpr std::array<std::pair<std::string_view, std::size_t>, 86> kLengths{{
    {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16}, {"BG", 22}, {"BH", 22},
    {"BI", 27}, {"BR", 29}, {"BY", 28}, {"CH", 21}, {"CR", 22}, {"CY", 28}, {"CZ", 24}, {"DE", 22}, {"DJ", 27},
    {"DK", 18}, {"DO", 28}, {"EE", 20}, {"EG", 29}, {"ES", 24}, {"FI", 18}, {"FK", 18}, {"FO", 18}, {"FR", 27},
    {"GB", 22}, {"GE", 22}, {"GI", 23}, {"GL", 18}, {"GR", 27}, {"GT", 28}, {"HR", 21}, {"HU", 28}, {"IE", 22},
    {"IL", 23}, {"IQ", 23}, {"IS", 26}, {"IT", 27}, {"JO", 30}, {"KW", 30}, {"KZ", 20}, {"LB", 28}, {"LC", 32},
    {"LI", 21}, {"LT", 20}, {"LU", 20}, {"LV", 21}, {"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22}, {"MK", 19},
    {"MN", 20}, {"MR", 27}, {"MT", 31}, {"MU", 30}, {"NI", 28}, {"NL", 18}, {"NO", 15}, {"OM", 23}, {"PK", 24},
    {"PL", 28}, {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22}, {"RU", 33}, {"SA", 24}, {"SC", 31},
    {"SD", 18}, {"SE", 24}, {"SI", 19}, {"SK", 24}, {"SM", 27}, {"SO", 23}, {"ST", 25}, {"SV", 28}, {"TL", 23},
    {"TN", 24}, {"TR", 26}, {"UA", 29}, {"VA", 22}, {"VG", 24},
}};

std::size_t lengthFor(std::string_view country) {
    const auto found =
        std::ranges::lower_bound(kLengths, country, {}, &std::pair<std::string_view, std::size_t>::first);
    if (found != kLengths.end() && found->first == country)
        return found->second;
    return country == "XK" ? 20 : country == "YE" ? 30 : 0;
}

char upper(char32_t c) {
    return static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
}

}  // namespace

bool isIban(std::string_view text) {
    if (text.size() < 5 || lengthFor(text.substr(0, 2)) != text.size())
        return false;
    int rest = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[(i + 4) % text.size()];
        if (c >= '0' && c <= '9')
            rest = (rest * 10 + (c - '0')) % 97;
        else if (c >= 'A' && c <= 'Z')
            rest = (rest * 100 + (c - 'A' + 10)) % 97;
        else
            return false;
    }
    return rest == 1;
}

}  // namespace detail

namespace {

std::optional<std::size_t> find(std::u32string_view text, std::size_t at) {
    if (!detail::isAlphanumeric(text[at]) || detail::isDigit(text[at]) ||
        detail::isAlphanumeric(detail::before(text, at)) || !detail::isDigit(detail::behind(text, at + 2)))
        return std::nullopt;
    std::string number;
    std::size_t wanted = 0;
    for (std::size_t i = at; i < text.size(); ++i) {
        if (detail::isAlphanumeric(text[i])) {
            number += detail::upper(text[i]);
            if (number.size() == 2 && (wanted = detail::lengthFor(number)) == 0)
                return std::nullopt;
            if (number.size() > 1 && number.size() == wanted)
                return !detail::isAlphanumeric(detail::behind(text, i + 1)) && detail::isIban(number)
                           ? std::optional(i + 1)
                           : std::nullopt;
        } else if ((text[i] != ' ' && text[i] != '-') || number.size() < 4) {
            return std::nullopt;
        }
    }
    return std::nullopt;
}

}  // namespace

CleaningStepEntry maskIban() {
    return detail::maskingStep("mask_iban", "Mask IBANs",
                               "Replaces international bank account numbers with the length of their country and the "
                               "right check digits.",
                               "[IBAN]", find);
}

}  // namespace lathe::corpus
