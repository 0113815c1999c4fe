// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Metrics of predicted numbers.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "train/detail/metric.h"

namespace lathe::train {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

std::vector<double> numbersOf(const torch::Tensor& tensor) {
    const auto flat = tensor.to(torch::kFloat64).contiguous().flatten();
    return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

double pearson(const std::vector<double>& x, const std::vector<double>& y) {
    const auto n = static_cast<double>(x.size());
    const double meanX = std::accumulate(x.begin(), x.end(), 0.0) / n;
    const double meanY = std::accumulate(y.begin(), y.end(), 0.0) / n;
    double xy = 0, xx = 0, yy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xy += (x[i] - meanX) * (y[i] - meanY);
        xx += (x[i] - meanX) * (x[i] - meanX);
        yy += (y[i] - meanY) * (y[i] - meanY);
    }
    return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : kNothing;  // what never changes correlates with nothing
}

/// 1-based; equal numbers share the mean of their ranks.
std::vector<double> ranksOf(const std::vector<double>& values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return values[i]; });
    std::vector<double> ranks(values.size());
    for (std::size_t begin = 0; begin < order.size();) {
        std::size_t end = begin + 1;
        while (end < order.size() && values[order[end]] == values[order[begin]])
            ++end;
        for (std::size_t i = begin; i < end; ++i)
            ranks[order[i]] = static_cast<double>(begin + 1 + end) / 2;
        begin = end;
    }
    return ranks;
}

enum class Kind { Pearson, Spearman, MeanAbsolute };

class NumberMetric final : public Metric {
public:
    explicit NumberMetric(Kind kind) : m_kind(kind) {}
    void reset() override {
        m_said.clear();
        m_gold.clear();
    }
    void add(const MetricBatch& batch) override {
        const auto append = [](std::vector<double>& to, const torch::Tensor& from) {
            const auto more = numbersOf(from);
            to.insert(to.end(), more.begin(), more.end());
        };
        append(m_said, batch.predicted);
        append(m_gold, batch.targets);
    }
    double value() const override {
        if (m_gold.empty())
            return kNothing;
        if (m_kind == Kind::Pearson)
            return pearson(m_said, m_gold);
        if (m_kind == Kind::Spearman)
            return pearson(ranksOf(m_said), ranksOf(m_gold));
        double sum = 0;
        for (std::size_t i = 0; i < m_gold.size(); ++i)
            sum += std::abs(m_said[i] - m_gold[i]);
        return sum / static_cast<double>(m_gold.size());
    }

private:
    Kind m_kind;
    std::vector<double> m_said, m_gold;
};

}  // namespace

MetricEntry pearsonMetric() {
    return {.id = "pearson",
            .title = "Pearson",
            .help = "How closely the predicted numbers follow the right ones on a line; 1 = exactly.",
            .unit = "-",
            .higherIsBetter = true,
            .make = [](const std::vector<std::string>&) { return std::make_unique<NumberMetric>(Kind::Pearson); }};
}

MetricEntry spearmanMetric() {
    return {.id = "spearman",
            .title = "Spearman",
            .help = "How well the predicted numbers put the texts in the right order; 1 = exactly.",
            .unit = "-",
            .higherIsBetter = true,
            .make = [](const std::vector<std::string>&) { return std::make_unique<NumberMetric>(Kind::Spearman); }};
}

MetricEntry meanAbsoluteErrorMetric() {
    return {.id = "mae",
            .title = "Mean error",
            .help = "How far the predicted numbers are from the right ones on average.",
            .unit = "-",
            .higherIsBetter = false,
            .make = [](const std::vector<std::string>&) { return std::make_unique<NumberMetric>(Kind::MeanAbsolute); }};
}

}  // namespace lathe::train
