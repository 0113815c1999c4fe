// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/added_tokens.h"

#include <unicode/uchar.h>

#include <algorithm>

#include "core/utf8.h"

namespace lathe::text {
namespace {

bool isWordCharacter(char32_t c) {
    return u_isalnum(static_cast<UChar32>(c)) != 0 || c == '_' ||
           (U_GET_GC_MASK(static_cast<UChar32>(c)) & (U_GC_M_MASK | U_GC_PC_MASK)) != 0;
}

char32_t codePointBefore(std::string_view text, std::size_t pos) {
    std::size_t begin = pos - 1;
    while (begin > 0 && pos - begin < 4 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80)
        --begin;
    return nextCodePoint(text, begin);
}

}  // namespace

void AddedTokens::add(AddedToken token) {
    if (token.content.empty())
        return;
    m_first[static_cast<unsigned char>(token.content.front())] = true;
    const auto at =
        std::ranges::find_if(m_tokens, [&](const AddedToken& t) { return t.content.size() < token.content.size(); });
    m_tokens.insert(at, std::move(token));
}

bool AddedTokens::isSpecial(TokenId id) const {
    return std::ranges::any_of(m_tokens, [id](const AddedToken& token) { return token.special && token.id == id; });
}

const AddedToken* AddedTokens::match(std::string_view text, std::size_t pos) const {
    for (const AddedToken& token : m_tokens)
        if (text.compare(pos, token.content.size(), token.content) == 0)
            return &token;
    return nullptr;
}

bool AddedTokens::fits(const AddedToken& token, std::string_view text, std::size_t begin, std::size_t end) {
    if (!token.singleWord)
        return true;
    if (begin > 0 && isWordCharacter(codePointBefore(text, begin)))
        return false;
    std::size_t pos = end;
    return end >= text.size() || !isWordCharacter(nextCodePoint(text, pos));
}

}  // namespace lathe::text
