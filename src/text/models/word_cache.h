// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Words that a model has cut already: a direct-mapped table of one cache line an entry. Thread: one at a time.
#pragma once

#include <array>
#include <cstring>
#include <string_view>
#include <vector>

#include "text/models/model.h"

namespace lathe::text {

class WordCache {
public:
    /// Appends the remembered tokens of \p word. false where it is not remembered.
    bool find(std::string_view word, std::vector<ModelToken>& out) const {
        if (word.size() > kKeyBytes || m_entries.empty())
            return false;
        const Entry& entry = m_entries[slot(word)];
        if (entry.keyBytes != word.size() || std::memcmp(entry.key.data(), word.data(), word.size()) != 0)
            return false;
        for (std::size_t i = 0; i < entry.count; ++i)
            out.push_back({entry.ids[i], entry.begins[i], entry.ends[i]});
        return true;
    }

    /// Remembers \p tokens if word and tokens are short enough; what was in the entry before is forgotten.
    void insert(std::string_view word, const ModelToken* tokens, std::size_t count) {
        if (word.empty() || word.size() > kKeyBytes || count > kTokens)
            return;
        if (m_entries.empty())
            m_entries.resize(kEntries);
        Entry& entry = m_entries[slot(word)];
        std::memcpy(entry.key.data(), word.data(), word.size());
        entry.keyBytes = static_cast<std::uint8_t>(word.size());
        entry.count = static_cast<std::uint8_t>(count);
        for (std::size_t i = 0; i < count; ++i) {
            entry.ids[i] = tokens[i].id;
            entry.begins[i] = static_cast<std::uint8_t>(tokens[i].begin);
            entry.ends[i] = static_cast<std::uint8_t>(tokens[i].end);
        }
    }

private:
    static constexpr std::size_t kEntries = 1u << 15;  // 2 MB
    static constexpr std::size_t kKeyBytes = 26;
    static constexpr std::size_t kTokens = 6;
    struct alignas(64) Entry {
        std::array<TokenId, kTokens> ids{};
        std::array<char, kKeyBytes> key{};
        std::array<std::uint8_t, kTokens> begins{}, ends{};
        std::uint8_t keyBytes = 0;  // 0: free
        std::uint8_t count = 0;
    };
    static_assert(sizeof(Entry) == 64);

    static std::size_t slot(std::string_view word) {
        // Two overlapping reads of eight bytes hash any word of up to 16; longer ones add the rest.
        std::uint64_t hash = word.size() * 0x9E3779B97F4A7C15ull;
        const char* at = word.data();
        std::size_t left = word.size();
        while (left > 8) {
            hash = (hash ^ read(at, 8)) * 0xFF51AFD7ED558CCDull;
            hash ^= hash >> 32;
            at += 8, left -= 8;
        }
        hash = (hash ^ read(at, left)) * 0xC4CEB9FE1A85EC53ull;
        return (hash ^ (hash >> 29)) >> 17 & (kEntries - 1);
    }
    static std::uint64_t read(const char* at, std::size_t bytes) {
        std::uint64_t value = 0;
        std::memcpy(&value, at, bytes);
        return value;
    }

    std::vector<Entry> m_entries;
};

}  // namespace lathe::text
