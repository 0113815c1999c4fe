// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Metrics of predicted numbers.
#include "eval/number_report.h"
#include "train/detail/metric.h"

namespace lathe::train {
namespace {

std::vector<double> numbersOf(const torch::Tensor& tensor) {
    const auto flat = tensor.to(torch::kFloat64).contiguous().flatten();
    return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
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
        if (m_kind == Kind::Pearson)
            return eval::pearson(m_said, m_gold);
        return m_kind == Kind::Spearman ? eval::spearman(m_said, m_gold) : eval::meanAbsoluteError(m_said, m_gold);
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
