// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Metric: one number over an evaluation, added up batch by batch.
// A metric is one file in metrics/ and one line in metrics/metrics.def.
// Thread: compute lane.
#pragma once

#include <torch/types.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/registry.h"
#include "train/catalog.h"

namespace lathe::train {

/// What the model said about N items (texts, or tokens that have a target), on the CPU. By the task's objective: [N]
/// int64 classes; [N, L] int64 whether each label is there; [N] float32 numbers.
struct MetricBatch {
    torch::Tensor predicted;
    torch::Tensor targets;
    torch::Tensor groups = {};  ///< [N] int64, not falling: which text a token is of; undefined where items are texts
    double lossNats = 0;        ///< sum over the N items, without label smoothing
};

class Metric {
public:
    virtual ~Metric() = default;
    virtual void reset() = 0;
    virtual void add(const MetricBatch& batch) = 0;
    virtual double value() const = 0;  ///< NaN when nothing was added
};

struct MetricEntry {
    std::string id;
    std::string title;
    std::string help;
    std::string unit;
    bool higherIsBetter = true;
    /// \p labels: names of the head's classes; empty for heads without.
    std::function<std::unique_ptr<Metric>(const std::vector<std::string>& labels)> make;
};
using MetricRegistry = Registry<MetricEntry>;
MetricRegistry makeMetricRegistry();

}  // namespace lathe::train
