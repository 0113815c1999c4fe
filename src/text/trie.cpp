// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/trie.h"

#include <algorithm>
#include <array>

namespace lathe::text {
namespace {

constexpr std::uint32_t kNoChildren = 0x80000000u;  // a base from which every step leads outside
constexpr std::size_t kLabels = 257;                // a byte and one

}  // namespace

/// Places nodes level by level; no recursion, so that a key may be of any length.
class Trie::Builder {
public:
    explicit Builder(const std::vector<Key>& keys) : m_keys(keys) {}

    std::vector<Node> build() {
        m_nodes.resize(1);
        m_taken.resize(1, true);
        std::vector<Range> level{{0, 0, m_keys.size()}};
        std::vector<Range> next;
        for (std::size_t depth = 0; !level.empty(); ++depth, level.swap(next), next.clear())
            for (const Range& range : level)
                place(range, depth, next);
        m_nodes.shrink_to_fit();
        return std::move(m_nodes);
    }

private:
    struct Range {
        std::uint32_t node = 0;
        std::size_t begin = 0, end = 0;  // keys that share the node's path
    };

    void place(Range range, std::size_t depth, std::vector<Range>& next) {
        m_nodes[range.node].base = kNoChildren;
        if (m_keys[range.begin].text.size() == depth && depth > 0)
            m_nodes[range.node].value = m_keys[range.begin++].value;
        m_labels.clear();
        m_begins.clear();
        for (std::size_t i = range.begin; i < range.end; ++i) {
            const auto label = static_cast<std::uint16_t>(static_cast<unsigned char>(m_keys[i].text[depth]) + 1);
            if (m_labels.empty() || m_labels.back() != label) {
                m_labels.push_back(label);
                m_begins.push_back(i);
            }
        }
        if (m_labels.empty())
            return;
        const std::uint32_t base = freeBase();
        m_nodes[range.node].base = base;
        m_bases[base] = true;
        for (std::size_t i = 0; i < m_labels.size(); ++i) {
            const std::uint32_t child = base + m_labels[i];
            m_nodes[child].check = m_labels[i];
            m_taken[child] = true;
            next.push_back({child, m_begins[i], i + 1 < m_begins.size() ? m_begins[i + 1] : range.end});
        }
    }

    /// The first base that is not used yet and whose places for all labels are free.
    std::uint32_t freeBase() {
        const std::uint32_t first = m_labels.front();
        std::size_t seen = 0;
        std::size_t taken = 0;
        for (std::size_t at = std::max<std::size_t>(first, m_from);; ++at) {
            grow(at + kLabels);
            ++seen;
            const auto base = static_cast<std::uint32_t>(at - first);
            if (m_taken[at] || m_bases[base]) {
                ++taken;
                continue;
            }
            const bool fits =
                std::ranges::none_of(m_labels, [&](std::uint16_t label) { return m_taken[base + label]; });
            if (!fits) {
                ++taken;
                // Crowded stretches are not looked at again: what they still could hold is not worth the time.
                if (taken > 64 && taken * 20 > seen * 19)
                    m_from = at;
                continue;
            }
            return base;
        }
    }

    void grow(std::size_t size) {
        if (size <= m_nodes.size())
            return;
        size = std::max(size, m_nodes.size() + m_nodes.size() / 2);
        m_nodes.resize(size);
        m_taken.resize(size, false);
        m_bases.resize(size, false);
    }

    const std::vector<Key>& m_keys;
    std::vector<Node> m_nodes;
    std::vector<bool> m_taken, m_bases;
    std::vector<std::uint16_t> m_labels;
    std::vector<std::size_t> m_begins;
    std::size_t m_from = 1;
};

Trie::Trie(std::vector<Key> keys) {
    std::erase_if(keys, [](const Key& key) { return key.text.empty(); });
    std::ranges::stable_sort(keys, {}, &Key::text);
    std::vector<Key> unique;
    unique.reserve(keys.size());
    for (const Key& key : keys) {
        if (!unique.empty() && unique.back().text == key.text)
            unique.back() = key;
        else
            unique.push_back(key);
    }
    if (!unique.empty())
        m_nodes = Builder(unique).build();
}

std::int32_t Trie::find(std::string_view text) const {
    std::int32_t value = -1;
    prefixes(text, [&](std::size_t length, std::int32_t found) {
        if (length == text.size())
            value = found;
    });
    return value;
}

}  // namespace lathe::text
