// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Mean cross entropy.
#include "train/detail/mean_nats.h"

namespace lathe::train {

MetricEntry lossMetric() {
    return {.id = "loss",
            .title = "Loss",
            .help = "Mean cross entropy: how surprised the model is by the right answers.",
            .unit = "nats",
            .higherIsBetter = false,
            .make = [](const std::vector<std::string>&) { return std::make_unique<MeanNats>(); }};
}

}  // namespace lathe::train
