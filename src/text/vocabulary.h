// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Token strings by id and back: one arena of bytes and open-addressing tables, no allocation per look-up.
// Thread: any, once built.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/tokenizer.h"

namespace lathe::text {

/// A hash of a string that grows byte by byte, so that all prefixes of a word are hashed in one pass.
class PrefixHash {
public:
    void add(unsigned char byte) { m_state = (m_state ^ byte) * 0x100000001B3ull; }
    std::uint64_t value() const { return (m_state ^ (m_state >> 29)) * 0x9E3779B97F4A7C15ull; }

private:
    std::uint64_t m_state = 0xCBF29CE484222325ull;
};

/// Strings to ids.
class StringTable {
public:
    void reserve(std::size_t count);
    /// \p text must outlive the table; a string that is there already gets the new id.
    void insert(std::string_view text, TokenId id);
    /// -1 where there is none.
    TokenId find(std::string_view text) const;
    TokenId find(std::string_view text, std::uint64_t hash) const;
    std::size_t longestBytes() const { return m_longest; }

private:
    struct Slot {
        std::uint32_t tag = 0;  // upper half of the hash, 0 never stored
        TokenId id = -1;
        std::string_view text;
    };
    std::vector<Slot> m_slots;
    std::size_t m_longest = 0;
};

class Vocabulary {
public:
    /// \p tokens by id; "" where an id is not used. \p continuingPrefix "##".
    Vocabulary(const std::vector<std::string>& tokens, std::string_view continuingPrefix);
    /// Without pieces that go on.
    explicit Vocabulary(const std::vector<std::string>& tokens);
    Vocabulary(const Vocabulary&) = delete;
    Vocabulary& operator=(const Vocabulary&) = delete;

    std::int32_t size() const { return static_cast<std::int32_t>(m_tokens.size()); }
    std::string_view token(TokenId id) const;
    TokenId find(std::string_view token) const { return m_whole.find(token); }
    /// Pieces that begin a word, under their text; pieces that go on, under their text without the prefix.
    const StringTable& initial() const { return m_whole; }
    const StringTable& continuing() const { return m_continuing; }

private:
    template <class Visit>
    void read(const std::vector<std::string>& tokens, const Visit& visit);

    std::string m_arena;
    std::vector<std::string_view> m_tokens;
    StringTable m_whole, m_continuing;
};

}  // namespace lathe::text
