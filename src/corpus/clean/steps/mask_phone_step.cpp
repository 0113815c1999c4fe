// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Telephone numbers. Source: ITU-T E.164 and its list of country codes; China's numbering plan (YD/T 1127 and the
// ministry's notices on number ranges); the North American Numbering Plan.
#include <algorithm>
#include <array>

#include "corpus/clean/detail/masking.h"

namespace lathe::corpus {
namespace {

using detail::before;
using detail::behind;
using detail::isAlphanumeric;
using detail::isDigit;

// Two digits behind the 1 of a Chinese mobile number: in each row of ten, which are given out.
bool isMobile(std::string_view digits) {
    static constexpr std::array<std::string_view, 10> kThird{
        "", "", "", "0123456789", "01456789", "012356789", "2567", "012345678", "0123456789", "012356789"};
    return digits.size() == 11 && digits[0] == '1' &&
           kThird[static_cast<std::size_t>(digits[1] - '0')].find(digits[2]) != std::string_view::npos;
}

// Area code and number: 010 and 02x with eight digits, 03xx to 09xx with seven or eight.
bool isLandline(std::string_view digits) {
    if (digits.size() < 11 || digits[0] != '0' || digits[1] == '0')
        return false;
    const bool isShortCode = digits.starts_with("010") || digits[1] == '2';
    if (digits[1] == '1' && !isShortCode)
        return false;
    const char first = digits[isShortCode ? 3 : 4];  // a subscriber's number does not begin with 0 or 1
    return first >= '2' && (digits.size() == 11 || (!isShortCode && digits.size() == 12));
}

bool isChinese(std::string_view digits) {
    return isMobile(digits) || isLandline(digits) ||
           (digits.starts_with("86") &&
            (isMobile(digits.substr(2)) || isLandline("0" + std::string(digits.substr(2)))));
}

// The assigned country codes of one, two and three digits.
bool hasCountryCode(std::string_view digits) {
    static constexpr std::string_view kTwo =
        " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84"
        " 86 90 91 92 93 94 95 98 ";
    static constexpr std::string_view kThree =
        " 211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237 238 239 240 241"
        " 242 243 244 245 246 247 248 249 250 251 252 253 254 255 256 257 258 260 261 262 263 264 265 266 267 268 269"
        " 290 291 297 298 299 350 351 352 353 354 355 356 357 358 359 370 371 372 373 374 375 376 377 378 380 381 382"
        " 383 385 386 387 389 420 421 423 500 501 502 503 504 505 506 507 508 509 590 591 592 593 594 595 596 597 598"
        " 599 670 672 673 674 675 676 677 678 679 680 681 682 683 685 686 687 688 689 690 691 692 800 808 850 852 853"
        " 855 856 870 878 880 881 882 883 886 888 960 961 962 963 964 965 966 967 968 970 971 972 973 974 975 976 977"
        " 979 992 993 994 995 996 998 ";
    const auto in = [](std::string_view list, std::string_view code) {
        return list.find(" " + std::string(code) + " ") != std::string_view::npos;
    };
    return digits[0] == '1' || digits[0] == '7' || in(kTwo, digits.substr(0, 2)) || in(kThree, digits.substr(0, 3));
}

// "+44 (0)20 7946 0018": digits with up to two separators between them, 8 to 15 of them, as far as they go.
std::optional<std::size_t> internationalEnd(std::u32string_view text, std::size_t at) {
    std::string digits;
    std::size_t end = 0, gap = 0;
    for (std::size_t i = at; i < text.size(); ++i) {
        if (isDigit(text[i])) {
            if (digits.size() == 15)
                return gap > 0 && end > 0 ? std::optional(end) : std::nullopt;
            digits += static_cast<char>(text[i]);
            gap = 0;
            if (digits.size() >= 8 && !isAlphanumeric(behind(text, i + 1)))
                end = i + 1;
        } else if (std::u32string_view(U" -.()/").find(text[i]) == std::u32string_view::npos || ++gap > 2) {
            break;
        }
    }
    if (end == 0 || digits[0] == '0' || !hasCountryCode(digits))
        return std::nullopt;
    return end;
}

// "转 123", "-123" behind a landline number.
std::size_t withExtension(std::u32string_view text, std::size_t end) {
    std::size_t i = end;
    while (behind(text, i) == ' ')
        ++i;
    const char32_t mark = behind(text, i);
    if (mark != U'转' && mark != U'轉' && mark != '-')
        return end;
    ++i;
    while (behind(text, i) == ' ')
        ++i;
    std::size_t digits = 0;
    while (isDigit(behind(text, i + digits)))
        ++digits;
    return digits >= 1 && digits <= 6 && !isAlphanumeric(behind(text, i + digits)) ? i + digits : end;
}

// "(010)12345678" and "(415) 555-2671".
std::optional<std::size_t> parenthesisedEnd(std::u32string_view text, std::size_t at) {
    std::size_t i = at + 1;
    std::string area;
    while (isDigit(behind(text, i)) && area.size() < 4)
        area += static_cast<char>(text[i++]);
    if (area.size() < 3 || behind(text, i) != ')')
        return std::nullopt;
    ++i;
    if (behind(text, i) == ' ' || behind(text, i) == '-')
        ++i;
    if (i >= text.size() || !isDigit(text[i]))
        return std::nullopt;
    const auto end = detail::longestNumber(text, i, U" -", [&](std::string_view digits) {
        const bool isAmerican = area.size() == 3 && area[0] >= '2' && digits.size() == 7 && digits[0] >= '2';
        return isAmerican || isLandline(area + std::string(digits));
    });
    return end ? std::optional(withExtension(text, *end)) : std::nullopt;
}

// "415-555-2671", "1 415 555 2671": only in groups, for ten digits in a row may be anything.
std::optional<std::size_t> americanEnd(std::u32string_view text, std::size_t at) {
    std::size_t i = at;
    if (text[i] == '1' && (behind(text, i + 1) == '-' || behind(text, i + 1) == ' '))
        i += 2;
    for (const std::size_t group : {3, 3, 4}) {
        if (group != 4 && !(behind(text, i) >= '2' && behind(text, i) <= '9'))
            return std::nullopt;
        for (std::size_t digit = 0; digit < group; ++digit)
            if (!isDigit(behind(text, i++)))
                return std::nullopt;
        if (group == 3 && std::u32string_view(U" -.").find(behind(text, i++)) == std::u32string_view::npos)
            return std::nullopt;
    }
    return isAlphanumeric(behind(text, i)) ? std::nullopt : std::optional(i);
}

std::optional<std::size_t> find(std::u32string_view text, std::size_t at) {
    const char32_t c = text[at];
    if ((!isDigit(c) && c != '+' && c != '(') || isAlphanumeric(before(text, at)))
        return std::nullopt;
    if (c == '+') {
        const std::size_t first = at + (behind(text, at + 1) == '(' ? 2 : 1);
        return isDigit(behind(text, first)) ? internationalEnd(text, first) : std::nullopt;
    }
    if (c == '(')
        return parenthesisedEnd(text, at);
    if (c == '0' && behind(text, at + 1) == '0')
        return internationalEnd(text, at + 2);
    if (const auto end = detail::longestNumber(text, at, U" -", isChinese))
        return withExtension(text, *end);
    return americanEnd(text, at);
}

}  // namespace

CleaningStepEntry maskPhone() {
    return detail::maskingStep(
        "mask_phone", "Mask phone numbers",
        "Replaces Chinese mobile and landline numbers, international ones that begin with + or 00 and a country code, "
        "and North American ones in groups. Other national forms are not found. A number of eleven digits that could "
        "be a mobile's is taken for one, whatever it is.",
        "[PHONE]", find);
}

}  // namespace lathe::corpus
