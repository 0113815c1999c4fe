// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Of two answers the better one is to be ahead.
#include <limits>

#include "train/detail/metric.h"

namespace lathe::train {
namespace {

class MarginMetric final : public Metric {
public:
    explicit MarginMetric(bool counts) : m_counts(counts) {}
    void reset() override {
        m_sum = 0;
        m_pairs = 0;
    }
    void add(const MetricBatch& batch) override {
        const auto margins = batch.predicted.to(torch::kFloat64);
        m_sum += (m_counts ? margins.gt(0).to(torch::kFloat64) : margins).sum().item<double>();
        m_pairs += margins.numel();
    }
    double value() const override {
        return m_pairs ? m_sum / static_cast<double>(m_pairs) : std::numeric_limits<double>::quiet_NaN();
    }

private:
    bool m_counts;
    double m_sum = 0;
    std::int64_t m_pairs = 0;
};

}  // namespace

MetricEntry preferenceAccuracyMetric() {
    return {.id = "preference_accuracy",
            .title = "Preference accuracy",
            .help = "The share of pairs in which the better answer is ahead of the worse.",
            .unit = "share",
            .higherIsBetter = true,
            .make = [](const std::vector<std::string>&) { return std::make_unique<MarginMetric>(true); }};
}

MetricEntry preferenceMarginMetric() {
    return {.id = "preference_margin",
            .title = "Preference margin",
            .help = "By how much the better answer is ahead on average, as the loss counts it.",
            .unit = "nats",
            .higherIsBetter = true,
            .make = [](const std::vector<std::string>&) { return std::make_unique<MarginMetric>(false); }};
}

}  // namespace lathe::train
