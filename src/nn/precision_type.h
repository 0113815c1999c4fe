// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The torch type that goes with the thread's precision.
#pragma once

#include <torch/types.h>

#include "nn/precision.h"

namespace lathe::nn {

/// What float32 weights are multiplied in.
inline torch::ScalarType productType() {
    switch (currentPrecision()) {
        case Precision::Bf16:
            return torch::kBFloat16;
        case Precision::Fp16:
            return torch::kFloat16;
        case Precision::Float32:
            break;
    }
    return torch::kFloat32;
}

}  // namespace lathe::nn
