// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The share of texts whose likeliest label is the right one.
#include "train/detail/share_metric.h"

namespace lathe::train {

MetricEntry accuracyMetric() {
    return {.id = "accuracy",
            .title = "Accuracy",
            .help = "The share of texts whose likeliest label is the right one.",
            .unit = "share",
            .higherIsBetter = true,
            .make = [](const std::vector<std::string>&) { return std::make_unique<ShareMetric>(); }};
}

}  // namespace lathe::train
