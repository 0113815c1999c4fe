// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The registry of metrics.def.
#include "train/detail/metric.h"

namespace lathe::train {

#define METRIC(function) MetricEntry function();
#include "train/metrics/metrics.def"
#undef METRIC

MetricRegistry makeMetricRegistry() {
    MetricRegistry registry;
#define METRIC(function) registry.add(function());
#include "train/metrics/metrics.def"
#undef METRIC
    return registry;
}

}  // namespace lathe::train
