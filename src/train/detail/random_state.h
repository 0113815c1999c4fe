// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Puts every generator that training draws from back to where it was, and the switches beside them, so that what was
// tried leaves no trace in what comes after. Thread: compute lane.
#pragma once

#include <ATen/core/Generator.h>
#include <torch/types.h>

#include "nn/dropout.h"

namespace lathe::train {

class RandomStateGuard {
public:
    explicit RandomStateGuard(torch::Device device);
    ~RandomStateGuard();
    RandomStateGuard(const RandomStateGuard&) = delete;
    RandomStateGuard& operator=(const RandomStateGuard&) = delete;

private:
    struct Saved {
        at::Generator generator;
        torch::Tensor state;
    };
    static Saved save(torch::Device device);

    std::vector<Saved> m_saved;
    nn::DropoutState m_dropout;
    bool m_deterministic, m_warnOnly, m_deterministicCuDnn, m_benchmarkCuDnn;
};

}  // namespace lathe::train
