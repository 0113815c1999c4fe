// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/case_fold.h"

#include <unicode/uchar.h>

#include "core/utf8.h"
#include "corpus/detail/text_search.h"

namespace lathe::corpus::detail {
namespace {

// Lead bytes of U+3000 to U+9FFF: Chinese characters, kana, full stops. None of them has case.
bool leadsCaseless(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0xE3 && byte <= 0xE9;
}

bool isAscii(char c) {
    return static_cast<unsigned char>(c) < 0x80;
}

}  // namespace

void foldCase(std::string_view text, std::string& out) {
    out.clear();
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        if (isAscii(text[at])) {
            out += foldAscii(text[at++]);
        } else if (leadsCaseless(text[at]) && at + 3 <= text.size()) {
            out.append(text, at, 3);
            at += 3;
        } else {
            const char32_t codePoint = nextCodePoint(text, at);
            appendUtf8(out, static_cast<char32_t>(u_foldCase(static_cast<UChar32>(codePoint), U_FOLD_CASE_DEFAULT)));
        }
    }
}

bool isCaseless(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const bool isLetter = foldAscii(text[at]) >= 'a' && foldAscii(text[at]) <= 'z';
        if (isLetter || (!isAscii(text[at]) && !leadsCaseless(text[at])))
            return false;
        nextCodePoint(text, at);
    }
    return true;
}

}  // namespace lathe::corpus::detail
