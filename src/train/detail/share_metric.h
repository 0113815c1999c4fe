// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ShareMetric: the share of items that were predicted right; of texts (accuracy) or of tokens (token_accuracy).
#pragma once

#include <limits>

#include "train/detail/metric.h"

namespace lathe::train {

class ShareMetric final : public Metric {
public:
    void reset() override { m_correct = m_items = 0; }
    void add(const MetricBatch& batch) override {
        m_correct += batch.predicted.eq(batch.targets).sum().item<std::int64_t>();
        m_items += batch.targets.numel();
    }
    double value() const override {
        return m_items ? static_cast<double>(m_correct) / static_cast<double>(m_items)
                       : std::numeric_limits<double>::quiet_NaN();
    }

private:
    std::int64_t m_correct = 0;
    std::int64_t m_items = 0;
};

}  // namespace lathe::train
