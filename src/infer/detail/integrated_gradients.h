// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Integrated gradients over an encoder's word embeddings. Thread: compute lane.
#pragma once

#include <functional>
#include <vector>

#include "core/job_context.h"
#include "core/result.h"
#include "nn/network.h"

namespace lathe::infer {

struct TokenShares {
    double answer = 0, baseline = 0;
    std::vector<double> shares;  ///< [T]
};

/// \p ids [1, T] int64; \p words [T] bool: what is blank in the baseline, the others (special tokens) stay as they are.
/// \p answer makes of logits [B, L] what is explained, [B]. Blank is the padding token's embedding, or zero without
/// one. \returns Canceled.
Result<TokenShares> tokenShares(nn::Network& network, const torch::Tensor& ids, const torch::Tensor& words,
                                const std::function<torch::Tensor(const torch::Tensor& logits)>& answer, int steps,
                                JobContext& context);

}  // namespace lathe::infer
