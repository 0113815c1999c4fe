// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A set of 64-bit hashes for finding duplicates: open addressing, 8 bytes a slot, a third of what a node set needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lathe::corpus::detail {

/// Values must be hashes already: their low bits choose the slot. 0 is kept as 1.
class HashSet {
public:
    explicit HashSet(std::size_t expected = 0) {
        std::size_t slots = 1024;
        while (slots < expected * 2)
            slots *= 2;
        m_slots.resize(slots);
    }
    bool contains(std::uint64_t hash) const { return m_slots[slotOf(hash ? hash : 1)] != 0; }
    /// \returns false if it was there.
    bool insert(std::uint64_t hash) {
        hash = hash ? hash : 1;
        std::size_t slot = slotOf(hash);
        if (m_slots[slot] != 0)
            return false;
        if (++m_size * 2 > m_slots.size()) {
            std::vector<std::uint64_t> old(m_slots.size() * 2);
            old.swap(m_slots);
            for (const std::uint64_t value : old)
                if (value != 0)
                    m_slots[slotOf(value)] = value;
            slot = slotOf(hash);
        }
        m_slots[slot] = hash;
        return true;
    }
    std::size_t size() const { return m_size; }

private:
    // The slot that holds the hash, or the free one where it would go.
    std::size_t slotOf(std::uint64_t hash) const {
        const std::size_t mask = m_slots.size() - 1;
        std::size_t slot = static_cast<std::size_t>(hash) & mask;
        while (m_slots[slot] != 0 && m_slots[slot] != hash)
            slot = (slot + 1) & mask;
        return slot;
    }

    std::vector<std::uint64_t> m_slots;
    std::size_t m_size = 0;
};

}  // namespace lathe::corpus::detail
