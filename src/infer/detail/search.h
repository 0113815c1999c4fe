// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Choosing tokens with a network: greedy for a batch and beam search, as Transformers' generate() does.
// Nothing ends a text early here; TextModel's own loop knows about ends, streaming and stopping.
#pragma once

#include <torch/types.h>

#include "nn/network.h"

namespace lathe::infer {

/// Appends \p newTokens most likely tokens to every row. \param ids [B, T] int64 \param mask [B, T] int64 (left
/// padding) or undefined \returns [B, T + newTokens]
torch::Tensor greedySearch(nn::Network& network, const torch::Tensor& ids, const torch::Tensor& mask,
                           std::int64_t newTokens, double repetitionPenalty);

/// The continuation with the greatest sum of log-probabilities that \p beams hypotheses find. \param ids [1, T]
/// \returns [1, T + newTokens]
torch::Tensor beamSearch(nn::Network& network, const torch::Tensor& ids, std::int64_t beams, std::int64_t newTokens);

/// Makes tokens that occur in \p seen [B, S] less likely: logits above 0 are divided, those below multiplied.
/// \source Keskar et al. arXiv:1909.05858
torch::Tensor penaliseRepetition(const torch::Tensor& logits, const torch::Tensor& seen, double penalty);

}  // namespace lathe::infer
