// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How many tokens the model hesitates between.
#include <cmath>
#include <limits>

#include "train/detail/metric.h"

namespace lathe::train {
namespace {

class PerplexityMetric final : public Metric {
public:
    void reset() override {
        m_nats = 0;
        m_items = 0;
    }
    void add(const MetricBatch& batch) override {
        m_nats += batch.lossNats;
        m_items += batch.targets.size(0);
    }
    double value() const override {
        return m_items ? std::exp(m_nats / static_cast<double>(m_items)) : std::numeric_limits<double>::quiet_NaN();
    }

private:
    double m_nats = 0;
    std::int64_t m_items = 0;
};

}  // namespace

MetricEntry perplexityMetric() {
    return {.id = "perplexity",
            .title = "Perplexity",
            .help = "Between how many equally likely tokens the model hesitates on average; 1 = never.",
            .unit = "tokens",
            .higherIsBetter = false,
            .make = [](const std::vector<std::string>&) { return std::make_unique<PerplexityMetric>(); }};
}

}  // namespace lathe::train
