// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// All pieces that begin at a place of a text, shortest first: a trie over bytes. Thread: any, once built.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

namespace lathe::text {

class PieceTrie {
public:
    using Node = std::uint32_t;
    static constexpr Node kRoot = 0;
    static constexpr Node kNone = 0xFFFFFFFF;

    /// \param pieces not empty and all different, in any order, with their values (>= 0). They need not outlive this.
    void build(std::vector<std::pair<std::string_view, std::int32_t>> pieces);
    bool isEmpty() const { return m_values.empty(); }
    /// Where \p byte leads from \p node, or kNone.
    Node child(Node node, unsigned char byte) const {
        if (node == kRoot)
            return m_first[byte];
        const Children& children = m_children[node];
        const char* labels = m_labels.data() + children.begin;
        // Most nodes have a child or two.
        if (children.count <= 4) {
            for (std::uint32_t i = 0; i < children.count; ++i)
                if (static_cast<unsigned char>(labels[i]) == byte)
                    return children.begin + i;
            return kNone;
        }
        const void* found = std::memchr(labels, byte, children.count);
        return found == nullptr ? kNone
                                : children.begin + static_cast<std::uint32_t>(static_cast<const char*>(found) - labels);
    }
    /// Of the piece that ends at \p node, or -1.
    std::int32_t value(Node node) const { return m_values[node]; }
    /// Length in bytes of the longest piece that \p text begins with; 0 if there is none.
    std::size_t longest(std::string_view text) const;

private:
    struct Children {
        std::uint32_t begin = 0;  // they lie side by side
        std::uint32_t count = 0;
    };
    std::vector<Children> m_children;
    std::vector<char> m_labels;  // by which byte a node is reached
    std::vector<std::int32_t> m_values;
    std::array<Node, 256> m_first{};
};

}  // namespace lathe::text
