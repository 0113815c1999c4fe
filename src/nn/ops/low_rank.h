// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A low-rank addition to a linear layer's output in bfloat16, the factors staying float32 masters. R = rank.
// \source Hu et al. arXiv:2106.09685 eq. 3
#pragma once

#include <torch/types.h>

namespace lathe::nn {

struct LowRankAddition {
    torch::Tensor a, b;  ///< [R, in], [out, R] float32; gradients pass
    double scale = 1;
    double dropout = 0;  ///< of what the addition reads
};

/// Whether addLowRank() computes it: \p y bfloat16 on the CPU.
bool canAddLowRank(const torch::Tensor& y);
/// y + scale * B A dropout(x), sums in float32 inside each product. Keeps x as it came and makes what was dropped again
/// in the backward pass. \p x [..., in] float32 or bfloat16 \p y [..., out] bfloat16 \returns [..., out] bfloat16
torch::Tensor addLowRank(const torch::Tensor& x, const torch::Tensor& y, const LowRankAddition& addition);

}  // namespace lathe::nn
