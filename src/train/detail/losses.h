// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The losses that objectives are made of, in nats. Means go over the targets that are not -100, each with the weight of
// its class. Thread: compute lane.
#pragma once

#include <torch/types.h>

#include "train/detail/loss_options.h"

namespace lathe::train {

/// What each target counts: its class's weight, 0 for -100. \param targets [N] int64 \returns [N] float32
torch::Tensor targetWeights(const torch::Tensor& targets, const LossOptions& options);

/// Weighted mean of -log p with smoothing (a share of each target is spread over all classes, as torch defines it) and
/// the focal factor (1 - p)^gamma. \param logits [N, L] \param targets [N] int64
torch::Tensor labelLoss(const torch::Tensor& logits, const torch::Tensor& targets, const LossOptions& options);

/// Any number of labels a text: mean over texts and labels of binary cross-entropy, each label's term times its class's
/// weight and its focal factor. Smoothing moves a target by half of its share towards 1/2.
/// \param logits [B, L] \param targets [B, L] float32, 0 or 1
torch::Tensor multiLabelLoss(const torch::Tensor& logits, const torch::Tensor& targets, const LossOptions& options);

/// Weighted mean over rows of (KL(p || q) + KL(q || p)) / 2. \param a, b logits [N, L] \param weights [N]
torch::Tensor symmetricDivergence(const torch::Tensor& a, const torch::Tensor& b, const torch::Tensor& weights);
/// The same of independent labels, mean over texts and labels. \param a, b logits [B, L]
torch::Tensor symmetricBinaryDivergence(const torch::Tensor& a, const torch::Tensor& b);

/// Mean over rows of T^2 KL(softmax(teacher / T) || softmax(logits / T)). \param teacher logits or log-probabilities
torch::Tensor softTargetLoss(const torch::Tensor& logits, const torch::Tensor& teacher, double temperature);

}  // namespace lathe::train
