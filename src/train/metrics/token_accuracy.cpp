// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The share of tokens that the model would have written itself.
#include "train/detail/share_metric.h"

namespace lathe::train {

MetricEntry tokenAccuracyMetric() {
    return {.id = "token_accuracy",
            .title = "Token accuracy",
            .help = "The share of target tokens to which the model gives the highest probability.",
            .unit = "share",
            .higherIsBetter = true,
            .make = [](const std::vector<std::string>&) { return std::make_unique<ShareMetric>(); }};
}

}  // namespace lathe::train
