// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The loss of a whole network, by its head and problem, as the reference classes compute it.
#pragma once

#include <torch/types.h>

#include "nn/network.h"

namespace lathe::nn {

/// Mean loss in nats (squared error for a regression). \p logits as Network::logits gives them.
/// \p labels by head: SequenceClassification [B] int64, [B, L] float32 (multi-label) or [B] float32 (regression);
/// TokenClassification, MaskedLm [B, T] int64; CausalLm [B, T] int64, not shifted: position t is asked for t + 1;
/// Seq2SeqLm [B, U] int64. -100 is ignored. Where logits begin with virtual prompt tokens, labels cover the rest.
torch::Tensor networkLoss(const NetworkConfig& config, const torch::Tensor& logits, const torch::Tensor& labels);

}  // namespace lathe::nn
