// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Scores against distances, looked up for every pair of a query and a key.
#pragma once

#include <torch/types.h>

namespace lathe::nn {

/// bias[b, h, t, s] = scale * (fromQuery[h, b, t, r] + fromKey[h, b, s, r]) with r = rows[t - s + T - 1].
/// \param fromQuery, fromKey [H, B, T, R] float32 or bfloat16; one of them may be undefined
/// \param rows [2 T - 1] int64, each in [0, R) \returns [B, H, T, T] float32; gradients reach both
torch::Tensor relativeBias(const torch::Tensor& fromQuery, const torch::Tensor& fromKey, const torch::Tensor& rows,
                           double scale);

}  // namespace lathe::nn
