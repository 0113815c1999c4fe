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

/// What the model said about N items (texts, or tokens that have a target).
struct MetricBatch {
    torch::Tensor predicted;  ///< [N] int64, CPU
    torch::Tensor targets;    ///< [N] int64, CPU
    double lossNats = 0;      ///< sum over the N items, without label smoothing
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
    std::vector<Task> tasks;
    /// \p classes: number of labels; 0 for Task::Generate.
    std::function<std::unique_ptr<Metric>(std::int64_t classes)> make;
};
using MetricRegistry = Registry<MetricEntry>;
MetricRegistry makeMetricRegistry();

}  // namespace lathe::train
