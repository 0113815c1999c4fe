// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The loss over classes or a vocabulary, without a copy of the logits in float32.
#pragma once

#include <torch/types.h>

namespace lathe::nn {

/// Mean over the rows whose target is not -100 of -log softmax(logits)[target], in nats; 0 when every row is ignored.
/// \param logits [N, V] float32 or bfloat16 \param targets [N] int64 \returns a float32 scalar
torch::Tensor crossEntropy(const torch::Tensor& logits, const torch::Tensor& targets);

/// Each row's likeliest class, the first of several. [N, V] -> [N] int64
torch::Tensor likeliest(const torch::Tensor& logits);

}  // namespace lathe::nn
