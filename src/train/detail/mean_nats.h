// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// MeanNats: a metric that is the mean loss over all targets, or a function of it.
// Thread: compute lane.
#pragma once

#include <limits>

#include "train/detail/metric.h"

namespace lathe::train {

class MeanNats final : public Metric {
public:
    using Function = double (*)(double nats);
    explicit MeanNats(Function function = nullptr) : m_function(function) {}

    void reset() override {
        m_nats = 0;
        m_items = 0;
    }
    void add(const MetricBatch& batch) override {
        m_nats += batch.lossNats;
        m_items += batch.targets.size(0);
    }
    double value() const override {
        if (m_items == 0)
            return std::numeric_limits<double>::quiet_NaN();
        const double mean = m_nats / static_cast<double>(m_items);
        return m_function ? m_function(mean) : mean;
    }

private:
    Function m_function;
    double m_nats = 0;
    std::int64_t m_items = 0;
};

}  // namespace lathe::train
