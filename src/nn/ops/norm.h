// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Residual add, dropout and normalisation in one step.
#pragma once

#include <torch/types.h>

namespace lathe::nn {

struct NormOptions {
    double epsilon = 1e-5;
    bool rms = false;    ///< RMS norm, else layer norm
    double dropout = 0;  ///< of x, before it is added
    torch::ScalarType output = torch::kFloat32;
};

struct Normalised {
    torch::Tensor sum;  ///< residual + dropout(x), float32: the residual stream
    torch::Tensor out;  ///< its norm, NormOptions::output
};

/// \param x [..., C] float32 or bfloat16. \param residual [..., C] float32, may be undefined (then sum is x).
/// \param gamma, beta [C]; beta may be undefined.
Normalised addNormalise(const torch::Tensor& x, const torch::Tensor& residual, const torch::Tensor& gamma,
                        const torch::Tensor& beta, const NormOptions& options);

}  // namespace lathe::nn
