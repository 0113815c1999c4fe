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
    }
    void add(const MetricBatch& batch) override {
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
        if (m_gold.empty())
            return std::numeric_limits<double>::quiet_NaN();
        return eval::classificationReport(std::vector<std::string>(static_cast<std::size_t>(m_classes)), m_gold,
                                          m_predicted)
            .macroF1;
    }

private:
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
            .tasks = {Task::Classify},
            .make = [](std::int64_t classes) { return std::make_unique<MacroF1Metric>(classes); }};
}

}  // namespace lathe::train
