// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/tensor_peak.h"

#include <algorithm>

namespace lathe::train {
namespace {

/// What an allocator says, whichever number type this libtorch has for totals.
template <class Method>
class ListenerOf;
template <class Total>
class ListenerOf<void (c10::MemoryReportingInfoBase::*)(void*, std::int64_t, Total, Total, c10::Device)>
    : public c10::MemoryReportingInfoBase {
public:
    explicit ListenerOf(c10::Device device) : m_device(device) {}
    void reportMemoryUsage(void*, std::int64_t size, Total allocated, Total, c10::Device device) override {
        if (device.type() != m_device.type() || (m_device.has_index() && device.index() != m_device.index()))
            return;
        const auto now = static_cast<std::int64_t>(allocated);
        std::int64_t none = kUnknown;
        m_before.compare_exchange_strong(none, now - size);
        for (std::int64_t peak = m_peak; now > peak && !m_peak.compare_exchange_weak(peak, now);)
            ;
    }
    bool memoryProfilingEnabled() const override { return true; }
    double bytes() const {
        return m_before == kUnknown ? 0 : static_cast<double>(std::max<std::int64_t>(0, m_peak - m_before));
    }

private:
    static constexpr std::int64_t kUnknown = -1;
    c10::Device m_device;
    std::atomic<std::int64_t> m_before{kUnknown}, m_peak{0};
};

}  // namespace

class TensorPeak::Listener final : public ListenerOf<decltype(&c10::MemoryReportingInfoBase::reportMemoryUsage)> {
public:
    using ListenerOf::ListenerOf;
};

TensorPeak::TensorPeak(c10::Device device)
    : m_listener(std::make_shared<Listener>(device)), m_guard(c10::DebugInfoKind::PROFILER_STATE, m_listener) {
}

double TensorPeak::bytes() const {
    return m_listener->bytes();
}

}  // namespace lathe::train
