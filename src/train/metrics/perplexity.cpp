// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How many tokens the model hesitates between.
#include <cmath>

#include "train/detail/mean_nats.h"

namespace lathe::train {

MetricEntry perplexityMetric() {
    return {.id = "perplexity",
            .title = "Perplexity",
            .help = "Between how many equally likely tokens the model hesitates on average; 1 = never.",
            .unit = "tokens",
            .higherIsBetter = false,
            .make = [](const std::vector<std::string>&) {
                return std::make_unique<MeanNats>([](double nats) { return std::exp(nats); });
            }};
}

}  // namespace lathe::train
