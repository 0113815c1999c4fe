// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sentencepiece/piece_trie.h"

#include <algorithm>

namespace lathe::text {

void PieceTrie::build(std::vector<std::pair<std::string_view, std::int32_t>> pieces) {
    m_first.fill(kNone);
    m_children.clear();
    m_labels.clear();
    m_values.clear();
    if (pieces.empty())
        return;
    std::ranges::sort(pieces);
    const auto addNode = [this](char label) {
        m_children.emplace_back();
        m_labels.push_back(label);
        m_values.push_back(-1);
    };
    // Level by level: the pieces below a node are a range of the sorted list, which their next bytes divide.
    struct Range {
        std::size_t begin, end;
    };
    std::vector<Range> level{{0, pieces.size()}};
    std::vector<Range> below;
    addNode(0);
    Node node = kRoot;
    for (std::size_t depth = 0; !level.empty(); ++depth) {
        below.clear();
        for (auto [begin, end] : level) {
            if (pieces[begin].first.size() == depth)
                m_values[node] = pieces[begin++].second;
            m_children[node].begin = static_cast<Node>(m_values.size());
            for (std::size_t next = begin; begin < end; begin = next) {
                const char byte = pieces[begin].first[depth];
                while (next < end && pieces[next].first[depth] == byte)
                    ++next;
                if (node == kRoot)
                    m_first[static_cast<unsigned char>(byte)] = static_cast<Node>(m_values.size());
                ++m_children[node].count;
                below.push_back({begin, next});
                addNode(byte);
            }
            ++node;
        }
        level.swap(below);
    }
}

std::size_t PieceTrie::longest(std::string_view text) const {
    std::size_t length = 0;
    if (isEmpty())
        return length;
    Node node = kRoot;
    for (std::size_t i = 0; i < text.size(); ++i) {
        node = child(node, static_cast<unsigned char>(text[i]));
        if (node == kNone)
            break;
        if (m_values[node] >= 0)
            length = i + 1;
    }
    return length;
}

}  // namespace lathe::text
