// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Each text looks for its partner among all partners of the dev set.
#include <algorithm>
#include <limits>

#include "train/detail/metric.h"

namespace lathe::train {
namespace {

constexpr std::int64_t kRowsAtOnce = 256;

class RetrievalMetric final : public Metric {
public:
    explicit RetrievalMetric(bool onlyFirst) : m_onlyFirst(onlyFirst) {}
    void reset() override { m_vectors.clear(); }
    /// predicted [N, 2, C]: vectors of length 1
    void add(const MetricBatch& batch) override { m_vectors.push_back(batch.predicted); }
    double value() const override {
        if (m_vectors.empty())
            return std::numeric_limits<double>::quiet_NaN();
        const auto all = torch::cat(m_vectors);                              // [N, 2, C]
        const auto first = all.select(1, 0), second = all.select(1, 1).t();  // [N, C], [C, N]
        const std::int64_t count = all.size(0);
        double sum = 0;
        for (std::int64_t begin = 0; begin < count; begin += kRowsAtOnce) {
            const std::int64_t rows = std::min(kRowsAtOnce, count - begin);
            const auto near = first.narrow(0, begin, rows).matmul(second);  // [n, N]
            const auto own = near.diagonal(begin).unsqueeze(1);             // [n, 1]
            const auto rank = near.gt(own).sum(1).to(torch::kFloat64) + 1;  // partners of the same vector share it
            sum += (m_onlyFirst ? rank.eq(1).to(torch::kFloat64) : 1 / rank).sum().item<double>();
        }
        return sum / static_cast<double>(count);
    }

private:
    bool m_onlyFirst;
    std::vector<torch::Tensor> m_vectors;
};

}  // namespace

MetricEntry recallAtOneMetric() {
    return {.id = "recall_at_1",
            .title = "Recall at 1",
            .help = "The share of texts whose own partner is the nearest of all.",
            .unit = "share",
            .higherIsBetter = true,
            .make = [](const std::vector<std::string>&) { return std::make_unique<RetrievalMetric>(true); }};
}

MetricEntry meanReciprocalRankMetric() {
    return {.id = "mrr",
            .title = "Mean reciprocal rank",
            .help = "How near the top a text's own partner comes among all: 1 = first, 0.5 = second on average.",
            .unit = "share",
            .higherIsBetter = true,
            .make = [](const std::vector<std::string>&) { return std::make_unique<RetrievalMetric>(false); }};
}

}  // namespace lathe::train
