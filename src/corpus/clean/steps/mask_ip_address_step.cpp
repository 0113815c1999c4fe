// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Internet addresses. Source: RFC 4291 (2.2, text forms of IPv6), RFC 3986 (3.2.2, dotted form of IPv4).
#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "corpus/clean/detail/masking.h"

namespace lathe::corpus {
namespace {

using detail::before;
using detail::behind;
using detail::isAlphanumeric;
using detail::isDigit;

std::optional<std::size_t> version4End(std::u32string_view text, std::size_t at) {
    if (!isDigit(text[at]) || isAlphanumeric(before(text, at)) || before(text, at) == '.')
        return std::nullopt;
    std::size_t i = at;
    for (int part = 0; part < 4; ++part) {
        int value = 0;
        const std::size_t begin = i;
        while (isDigit(behind(text, i)) && i - begin < 4)
            value = value * 10 + static_cast<int>(text[i++] - '0');
        if (i == begin || i - begin > 3 || value > 255 || (i - begin > 1 && text[begin] == '0'))
            return std::nullopt;
        if (part < 3 && behind(text, i++) != '.')
            return std::nullopt;
    }
    // A fifth part makes it a version number or the like.
    if (isAlphanumeric(behind(text, i)) || (behind(text, i) == '.' && isDigit(behind(text, i + 1))))
        return std::nullopt;
    return i;
}

bool isHexadecimal(char32_t c) {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::optional<std::size_t> version6End(std::u32string_view text, std::size_t at) {
    const auto belongs = [](char32_t c) { return isHexadecimal(c) || c == ':' || c == '.'; };
    if (!(isHexadecimal(text[at]) || text[at] == ':') || isAlphanumeric(before(text, at)))
        return std::nullopt;
    // A colon before it may be the sentence's: "address:fe80::1". Within a longer run it is the address's own.
    const char32_t second = at >= 2 ? text[at - 2] : U'\0';
    if (before(text, at) == ':' && (isHexadecimal(second) || second == ':'))
        return std::nullopt;
    std::string address;
    std::size_t end = at;
    while (end < text.size() && belongs(text[end]) && address.size() < INET6_ADDRSTRLEN)
        address += static_cast<char>(text[end++]);
    while (!address.empty() && (address.back() == '.' || (address.back() == ':' && !address.ends_with("::")))) {
        address.pop_back();  // of the sentence
        --end;
    }
    // "a::b" is a name in a program; an address has digits, and more than those of "::1" to tell of anybody.
    const bool hasDigit = std::ranges::any_of(address, [](char c) { return c >= '0' && c <= '9'; });
    std::array<unsigned char, sizeof(in6_addr)> parsed{};
    if (!hasDigit || address.size() < 4 || isAlphanumeric(behind(text, end)) ||
        inet_pton(AF_INET6, address.c_str(), parsed.data()) != 1)
        return std::nullopt;
    return end;
}

std::optional<std::size_t> find(std::u32string_view text, std::size_t at) {
    const auto end = version6End(text, at);
    return end ? end : version4End(text, at);
}

}  // namespace

CleaningStepEntry maskIpAddress() {
    return detail::maskingStep("mask_ip", "Mask IP addresses",
                               "Replaces addresses of version 4 and version 6. A version number of four parts, such "
                               "as 10.0.2.1, cannot be told from one.",
                               "[IP]", find);
}

}  // namespace lathe::corpus
