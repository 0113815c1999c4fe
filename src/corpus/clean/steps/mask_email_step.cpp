// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// E-mail addresses. Source: RFC 5321 (4.1.2), as far as people write it: a dot-string, not a quoted one.
#include "corpus/clean/detail/masking.h"

namespace lathe::corpus {
namespace {

using detail::before;
using detail::isAlphanumeric;

// RFC 5321 allows more signs; quotes, slashes and equals signs beside an address are the sentence's, though.
bool isLocal(char32_t c) {
    return isAlphanumeric(c) || std::u32string_view(U"._%+-").find(c) != std::u32string_view::npos;
}
bool beginsLocal(char32_t c) {
    return isAlphanumeric(c) || c == '_';
}

// Where the domain that begins at `at` ends: labels of letters, digits and hyphens, the last one of letters.
std::optional<std::size_t> domainEnd(std::u32string_view text, std::size_t at) {
    std::optional<std::size_t> end;
    std::size_t label = at;
    for (std::size_t labels = 0;; ++labels) {
        std::size_t i = label;
        bool isLetters = true;
        while (i < text.size() && (isAlphanumeric(text[i]) || (text[i] == '-' && i > label))) {
            isLetters = isLetters && !detail::isDigit(text[i]);
            ++i;
        }
        while (i > label && text[i - 1] == '-')
            --i;
        if (i == label)
            return end;
        if (labels > 0 && (isLetters ? i - label >= 2 : text.substr(label, 4) == U"xn--"))
            end = i;
        if (i >= text.size() || text[i] != '.')
            return end;
        label = i + 1;
    }
}

std::optional<std::size_t> find(std::u32string_view text, std::size_t at) {
    // The local part is taken from its first character on.
    if (!beginsLocal(text[at]) || beginsLocal(before(text, at)))
        return std::nullopt;
    std::size_t i = at;
    while (i < text.size() && isLocal(text[i]) && !(text[i] == '.' && before(text, i) == '.'))
        ++i;
    if (i >= text.size() || text[i] != '@' || text[i - 1] == '.')
        return std::nullopt;
    return domainEnd(text, i + 1);
}

}  // namespace

CleaningStepEntry maskEmail() {
    return detail::maskingStep("mask_email", "Mask e-mail addresses",
                               "Replaces e-mail addresses. Addresses with Chinese or accented letters before the @ are "
                               "not found.",
                               "[EMAIL]", find);
}

}  // namespace lathe::corpus
