// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Mean cross entropy.
#include <limits>

#include "train/detail/metric.h"

namespace lathe::train {
namespace {

class LossMetric final : public Metric {
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
        return m_items ? m_nats / static_cast<double>(m_items) : std::numeric_limits<double>::quiet_NaN();
    }

private:
    double m_nats = 0;
    std::int64_t m_items = 0;
};

}  // namespace

MetricEntry lossMetric() {
    return {.id = "loss",
            .title = "Loss",
            .help = "Mean cross entropy: how surprised the model is by the right answers.",
            .unit = "nats",
            .higherIsBetter = false,
            .make = [](const std::vector<std::string>&) { return std::make_unique<LossMetric>(); }};
}

}  // namespace lathe::train
