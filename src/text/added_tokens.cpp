// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/added_tokens.h"

#include <algorithm>

#include "text/unicode/char_class.h"

namespace lathe::text {
namespace {

std::size_t characterBefore(std::string_view text, std::size_t pos) {
    std::size_t begin = pos - 1;
    while (begin > 0 && pos - begin < 4 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80)
        --begin;
    return begin;
}

bool isWordAt(std::string_view text, std::size_t pos) {
    return (nextCharClass(text, pos) & kIsWord) != 0;
}

std::vector<std::string> contentsOf(const std::vector<AddedToken>& tokens) {
    std::vector<std::string> contents;
    for (const AddedToken& token : tokens)
        contents.push_back(token.content);
    return contents;
}

}  // namespace

AddedTokens::AddedTokens(std::vector<AddedToken> tokens, const std::vector<std::string>& spelled)
    : m_tokens(std::move(tokens)) {
    std::vector<Trie::Key> keys;
    // Of two that are spelled alike the first one counts.
    for (std::size_t i = m_tokens.size(); i-- > 0;) {
        if (m_tokens[i].special)
            m_special.insert(m_tokens[i].id);
        if (spelled[i].empty())
            continue;
        m_first[static_cast<unsigned char>(spelled[i].front())] = true;
        keys.push_back({spelled[i], static_cast<std::int32_t>(i)});
    }
    m_trie = Trie(std::move(keys));
}

AddedTokens::AddedTokens(std::vector<AddedToken> tokens) : AddedTokens(tokens, contentsOf(tokens)) {
}

const AddedToken* AddedTokens::match(std::string_view text, std::size_t pos, std::size_t& length) const {
    const AddedToken* found = nullptr;
    m_trie.prefixes(text.substr(pos), [&](std::size_t bytes, std::int32_t index) {
        length = bytes;
        found = &m_tokens[static_cast<std::size_t>(index)];
    });
    return found;
}

bool AddedTokens::fits(const AddedToken& token, std::string_view text, std::size_t begin, std::size_t end) {
    if (!token.singleWord)
        return true;
    if (begin > 0 && isWordAt(text, characterBefore(text, begin)))
        return false;
    return end >= text.size() || !isWordAt(text, end);
}

void AddedTokens::find(std::string_view text, std::vector<AddedMatch>& out) const {
    out.clear();
    if (m_tokens.empty())
        return;
    std::size_t taken = 0;  // behind the last match with its white space
    for (std::size_t pos = 0; pos < text.size();) {
        std::size_t length = 0;
        const AddedToken* token = mayBegin(text[pos]) ? match(text, pos, length) : nullptr;
        if (token == nullptr) {
            ++pos;
            continue;
        }
        AddedMatch found{pos, pos + length, token};
        pos += length;  // a match that is refused is used up all the same
        if (!fits(*token, text, found.begin, found.end))
            continue;
        while (token->stripLeft && found.begin > taken) {
            const std::size_t before = characterBefore(text, found.begin);
            std::size_t next = before;
            if ((nextCharClass(text, next) & kIsSpace) == 0 || before < taken)
                break;
            found.begin = before;
        }
        for (std::size_t next = found.end; token->stripRight && next < text.size(); found.end = next)
            if ((nextCharClass(text, next) & kIsSpace) == 0)
                break;
        taken = found.end;
        out.push_back(found);
    }
}

}  // namespace lathe::text
