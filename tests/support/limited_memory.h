// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LimitedMemory: tensors on the CPU come from a heap that can be made to end.
#pragma once

#include <c10/core/CPUAllocator.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <limits>

namespace lathe::test {

/// Counts what tensors hold, and refuses what goes over a limit in the words of torch's own allocator. One a program,
/// for its whole life: tensors may outlive whatever else would own it.
class LimitedMemory final : public c10::Allocator {
public:
    static LimitedMemory& instance() {
        static auto* const memory = [] {
            auto* made = new LimitedMemory;
            c10::SetCPUAllocator(made, 255);
            return made;
        }();
        return *memory;
    }

    void setLimit(std::size_t bytes) { m_limit = bytes; }
    void unlimit() { m_limit = std::numeric_limits<std::size_t>::max(); }
    std::size_t live() const { return m_live; }
    std::size_t peak() const { return m_peak; }
    void resetPeak() { m_peak = m_live.load(); }
    /// Allocations refused so far.
    int refused() const { return m_refused; }

    c10::DataPtr allocate(std::size_t bytes) const override {
        if (m_live + bytes > m_limit) {
            ++m_refused;
            TORCH_CHECK(false, "DefaultCPUAllocator: can't allocate memory: you tried to allocate ", bytes,
                        " bytes. Error code 12 (Cannot allocate memory)");
        }
        void* block = std::aligned_alloc(kHeader, (bytes + 2 * kHeader - 1) / kHeader * kHeader);
        *static_cast<std::size_t*>(block) = bytes;
        m_live += bytes;
        m_peak = std::max(m_peak.load(), m_live.load());
        void* data = static_cast<char*>(block) + kHeader;
        return {data, data, &LimitedMemory::release, torch::Device(torch::kCPU)};
    }
    c10::DeleterFnPtr raw_deleter() const override { return &LimitedMemory::release; }

private:
    static constexpr std::size_t kHeader = 64;  ///< what vector instructions want data to be aligned to

    static void release(void* data) {
        if (!data)
            return;
        void* block = static_cast<char*>(data) - kHeader;
        instance().m_live -= *static_cast<std::size_t*>(block);
        std::free(block);
    }

    std::atomic<std::size_t> m_limit = std::numeric_limits<std::size_t>::max();
    mutable std::atomic<std::size_t> m_live = 0, m_peak = 0;
    mutable std::atomic<int> m_refused = 0;
};

}  // namespace lathe::test
