// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Evaluation of a network on a set, batched by length, without gradients.
// Thread: compute lane.
#pragma once

#include <optional>

#include "core/job_context.h"
#include "nn/network.h"
#include "train/detail/batch_source.h"
#include "train/detail/metric.h"
#include "train/detail/worker_group.h"
#include "train/trainer.h"

namespace lathe::train {

/// What an evaluation's batches hold at most; tokens with padding.
inline constexpr std::int64_t kEvaluationTexts = 256;
inline constexpr std::int64_t kEvaluationTokens = 8192;

/// The metrics of these ids. The network is left in training mode. Nothing when a stop was asked for on the way.
/// \param workers share the work and all get the same metrics; nullptr = this process alone. \throws WorkerLost
std::optional<Scores> evaluate(nn::Network& network, const BatchSource& source, const std::vector<std::string>& metrics,
                               torch::Device device, JobContext& context, WorkerGroup* workers = nullptr);

/// Whether \p value is better than \p best (NaN = there is none) for this metric.
bool isBetter(const MetricEntry& metric, double value, double best);

}  // namespace lathe::train
