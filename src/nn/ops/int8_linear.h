// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The product with weights of int8 rows, which have a scale each.
// \source Dettmers et al. arXiv:2208.07339 (vector-wise scales; what is multiplied with the weights stays as it is)
#pragma once

#include <torch/types.h>

namespace lathe::nn {

/// x (scale * table)^T. The weights are frozen; the gradient of x passes.
/// \param x [..., in] float32 or bfloat16 \param table [out, in] int8 \param scale [out] float32
/// \returns [..., out] in \p type
torch::Tensor int8Linear(const torch::Tensor& x, const torch::Tensor& table, const torch::Tensor& scale,
                         torch::ScalarType type);

}  // namespace lathe::nn
