// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Metrics of texts with any number of labels.
#include <limits>

#include "train/detail/metric.h"

namespace lathe::train {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

class MicroF1Metric final : public Metric {
public:
    void reset() override { m_right = m_said = m_gold = m_texts = 0; }
    void add(const MetricBatch& batch) override {
        m_right += (batch.predicted * batch.targets.to(torch::kInt64)).sum().item<std::int64_t>();
        m_said += batch.predicted.sum().item<std::int64_t>();
        m_gold += batch.targets.to(torch::kInt64).sum().item<std::int64_t>();
        m_texts += batch.targets.size(0);
    }
    double value() const override {
        if (m_texts == 0)
            return kNothing;
        const auto both = static_cast<double>(m_said + m_gold);
        return both > 0 ? 2 * static_cast<double>(m_right) / both : 0;
    }

private:
    std::int64_t m_right = 0, m_said = 0, m_gold = 0, m_texts = 0;
};

class SubsetAccuracyMetric final : public Metric {
public:
    void reset() override { m_right = m_texts = 0; }
    void add(const MetricBatch& batch) override {
        const auto same = batch.predicted.eq(batch.targets.to(batch.predicted.scalar_type()));
        m_right += same.flatten(1).all(1).sum().item<std::int64_t>();
        m_texts += batch.targets.size(0);
    }
    double value() const override {
        return m_texts ? static_cast<double>(m_right) / static_cast<double>(m_texts) : kNothing;
    }

private:
    std::int64_t m_right = 0, m_texts = 0;
};

}  // namespace

MetricEntry microF1Metric() {
    return {.id = "micro_f1",
            .title = "Micro-F1",
            .help = "F1 over all given and all right labels together, frequent ones counting most.",
            .unit = "share",
            .higherIsBetter = true,
            .make = [](const std::vector<std::string>&) { return std::make_unique<MicroF1Metric>(); }};
}

MetricEntry subsetAccuracyMetric() {
    return {.id = "subset_accuracy",
            .title = "Exact sets",
            .help = "The share of texts whose labels are all there, and no others.",
            .unit = "share",
            .higherIsBetter = true,
            .make = [](const std::vector<std::string>&) { return std::make_unique<SubsetAccuracyMetric>(); }};
}

}  // namespace lathe::train
