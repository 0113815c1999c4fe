// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// F1 averaged over labels, each with the same weight: what rare labels count in.
#include <limits>

#include "eval/classification_report.h"
#include "train/detail/metric.h"

namespace lathe::train {
namespace {

class MacroF1Metric final : public Metric {
public:
    explicit MacroF1Metric(std::int64_t classes) : m_classes(classes) {}

    void reset() override {
        m_gold.clear();
        m_predicted.clear();
        m_counts = torch::Tensor();
    }
    void add(const MetricBatch& batch) override {
        if (batch.targets.dim() == 2)
            return addSets(batch.predicted, batch.targets.to(torch::kInt64));
        const auto append = [](std::vector<int>& to, const torch::Tensor& from) {
            const auto flat = from.contiguous();
            const auto* values = flat.data_ptr<std::int64_t>();
            for (std::int64_t i = 0; i < flat.numel(); ++i)
                to.push_back(static_cast<int>(values[i]));
        };
        append(m_gold, batch.targets);
        append(m_predicted, batch.predicted);
    }
    double value() const override {
        if (m_counts.defined())
            return valueOfSets();
        if (m_gold.empty())
            return std::numeric_limits<double>::quiet_NaN();
        return eval::classificationReport(std::vector<std::string>(static_cast<std::size_t>(m_classes)), m_gold,
                                          m_predicted)
            .macroF1;
    }

private:
    /// Any number of labels a text, [N, L] of 0 and 1.
    void addSets(const torch::Tensor& said, const torch::Tensor& gold) {
        const auto counts = torch::stack({(said * gold).sum(0), said.sum(0), gold.sum(0)});  // [3, L]
        m_counts = m_counts.defined() ? m_counts + counts : counts;
    }
    double valueOfSets() const {
        const auto both = (m_counts[1] + m_counts[2]).to(torch::kFloat64);  // [L]
        const auto f1 = 2 * m_counts[0].to(torch::kFloat64) / both.clamp_min(1);
        return f1.mean().item<double>();  // 0 for a label that is neither there nor said, as scikit-learn has it
    }

    torch::Tensor m_counts;  ///< right, said, there: for each label
    std::int64_t m_classes;
    std::vector<int> m_gold;
    std::vector<int> m_predicted;
};

}  // namespace

MetricEntry macroF1Metric() {
    return {.id = "macro_f1",
            .title = "Macro-F1",
            .help = "F1 averaged over the labels, rare ones counting as much as frequent ones.",
            .unit = "share",
            .higherIsBetter = true,
            .make = [](const std::vector<std::string>& labels) {
                return std::make_unique<MacroF1Metric>(static_cast<std::int64_t>(labels.size()));
            }};
}

}  // namespace lathe::train
