// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Dropout with masks from a counter: the state is two numbers, so that a resumed run drops what the whole run would
// have. Thread: the state is the calling thread's own; train on one thread.
#pragma once

#include <torch/types.h>

#include <cstdint>

#include "nn/kernels/kernels.h"

namespace lathe::nn {

struct DropoutState {
    std::uint64_t seed = 0;
    std::uint64_t calls = 0;  ///< layers that have drawn a mask since the seed was set
};
DropoutState dropoutState();
void setDropoutState(const DropoutState& state);

/// The next mask of the stream; off when \p probability is 0.
kernels::Dropout nextDropout(double probability);

/// x with a share \p probability of elements zeroed and the rest scaled by 1 / (1 - p). Any shape, float32 or bfloat16.
torch::Tensor dropout(const torch::Tensor& x, double probability);

}  // namespace lathe::nn
