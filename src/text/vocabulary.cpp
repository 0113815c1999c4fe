// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/vocabulary.h"

#include <algorithm>
#include <bit>

namespace lathe::text {
namespace {

std::uint32_t tagOf(std::uint64_t hash) {
    return static_cast<std::uint32_t>(hash >> 32) | 1u;
}

std::uint64_t hashOf(std::string_view text) {
    PrefixHash hash;
    for (const char c : text)
        hash.add(static_cast<unsigned char>(c));
    return hash.value();
}

}  // namespace

void StringTable::reserve(std::size_t count) {
    m_slots.assign(std::bit_ceil(std::max<std::size_t>(16, count * 2)), Slot());
}

void StringTable::insert(std::string_view text, TokenId id) {
    const std::uint64_t hash = hashOf(text);
    const std::size_t mask = m_slots.size() - 1;
    std::size_t at = hash & mask;
    while (m_slots[at].id >= 0 && m_slots[at].text != text)
        at = (at + 1) & mask;
    m_slots[at] = {tagOf(hash), id, text};
    m_longest = std::max(m_longest, text.size());
}

TokenId StringTable::find(std::string_view text, std::uint64_t hash) const {
    const std::size_t mask = m_slots.size() - 1;
    const std::uint32_t tag = tagOf(hash);
    for (std::size_t at = hash & mask; m_slots[at].id >= 0; at = (at + 1) & mask)
        if (m_slots[at].tag == tag && m_slots[at].text == text)
            return m_slots[at].id;
    return -1;
}

TokenId StringTable::find(std::string_view text) const {
    return find(text, hashOf(text));
}

template <class Visit>
void Vocabulary::read(const std::vector<std::string>& tokens, const Visit& visit) {
    std::size_t bytes = 0;
    for (const std::string& token : tokens)
        bytes += token.size();
    m_arena.reserve(bytes);  // never grows: the views below point into it
    m_tokens.reserve(tokens.size());
    for (const std::string& token : tokens) {
        const std::size_t begin = m_arena.size();
        m_arena += token;
        m_tokens.emplace_back(m_arena.data() + begin, token.size());
    }
    m_whole.reserve(m_tokens.size());
    for (std::size_t id = 0; id < m_tokens.size(); ++id) {
        if (m_tokens[id].empty())
            continue;
        m_whole.insert(m_tokens[id], static_cast<TokenId>(id));
        visit(m_tokens[id], static_cast<TokenId>(id));
    }
}

Vocabulary::Vocabulary(const std::vector<std::string>& tokens, std::string_view continuingPrefix) {
    m_continuing.reserve(tokens.size());
    read(tokens, [&](std::string_view token, TokenId id) {
        if (token.starts_with(continuingPrefix) && token.size() > continuingPrefix.size())
            m_continuing.insert(token.substr(continuingPrefix.size()), id);
    });
}

Vocabulary::Vocabulary(const std::vector<std::string>& tokens) {
    m_continuing.reserve(0);
    read(tokens, [](std::string_view, TokenId) {});
}

std::string_view Vocabulary::token(TokenId id) const {
    return id >= 0 && id < size() ? m_tokens[static_cast<std::size_t>(id)] : std::string_view();
}

}  // namespace lathe::text
