// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Byte strings to numbers, for finding every key that begins at a place of a text: a double array.
// \source Aoe, "An efficient digital search algorithm by using a double-array structure" (1989). Thread: any, once
// built.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace lathe::text {

class Trie {
public:
    struct Key {
        std::string_view text;
        std::int32_t value = 0;  ///< not negative
    };
    Trie() = default;
    /// Of keys that are there twice the last one counts; empty keys are left out.
    explicit Trie(std::vector<Key> keys);

    /// Calls \p found(length in bytes, value) for each key that \p text begins with, the shortest first.
    template <class Found>
    void prefixes(std::string_view text, const Found& found) const {
        std::uint32_t node = 0;
        for (std::size_t i = 0; i < text.size() && !m_nodes.empty(); ++i) {
            node = m_nodes[node].base + static_cast<unsigned char>(text[i]) + 1;
            if (node >= m_nodes.size() || m_nodes[node].check != static_cast<unsigned char>(text[i]) + 1u)
                return;
            if (m_nodes[node].value >= 0)
                found(i + 1, m_nodes[node].value);
        }
    }
    /// -1 where there is no such key.
    std::int32_t find(std::string_view text) const;

private:
    // A node's children lie at base + byte + 1. No two nodes share a base, so the byte alone tells whose child it is.
    struct Node {
        std::uint32_t base = 0;
        std::int32_t value = -1;
        std::uint16_t check = 0;  // 0: free
    };
    class Builder;
    std::vector<Node> m_nodes;
};

}  // namespace lathe::text
