// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The most that tensors on a device took from a moment on, as torch's allocators report it: on every device, without
// that device's own library. Thread: measures this thread and the backward passes that it starts.
#pragma once

#include <c10/core/Allocator.h>
#include <c10/core/Device.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <atomic>
#include <cstdint>
#include <memory>

namespace lathe::train {

class TensorPeak {
public:
    /// From now on, as long as it lives.
    explicit TensorPeak(c10::Device device);
    double bytes() const;

private:
    class Listener;
    std::shared_ptr<Listener> m_listener;
    c10::DebugInfoGuard m_guard;
};

}  // namespace lathe::train
