// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "eval/label_set_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "eval/detail/scores_table.h"

namespace lathe::eval {

LabelSetCounter::LabelSetCounter(std::vector<std::string> labels)
    : m_labels(std::move(labels)), m_counts(m_labels.size()) {
}

void LabelSetCounter::add(std::span<const int> gold, std::span<const int> predicted) {
    std::size_t both = 0;
    for (const int label : gold) {
        Counts& counts = m_counts.at(static_cast<std::size_t>(label));
        ++counts.gold;
        if (std::ranges::find(predicted, label) != predicted.end()) {
            ++counts.correct;
            ++both;
        }
    }
    for (const int label : predicted)
        ++m_counts.at(static_cast<std::size_t>(label)).predicted;
    ++m_items;
    m_exact += both == gold.size() && both == predicted.size() ? 1 : 0;
}

LabelSetReport LabelSetCounter::report() const {
    LabelSetReport report{.labels = m_labels, .perClass = {}, .items = m_items, .exact = m_exact};
    Counts all;
    for (const Counts& counts : m_counts) {
        report.perClass.push_back(scoresFrom(counts.correct, counts.gold, counts.predicted));
        all.gold += counts.gold;
        all.predicted += counts.predicted;
        all.correct += counts.correct;
        report.macroF1 += report.perClass.back().f1;
        report.weightedF1 += report.perClass.back().f1 * static_cast<double>(counts.gold);
    }
    const ClassScores micro = scoresFrom(all.correct, all.gold, all.predicted);
    report.precision = micro.precision;
    report.recall = micro.recall;
    report.f1 = micro.f1;
    const auto labels = static_cast<std::int64_t>(m_labels.size());
    report.macroF1 = labels > 0 ? report.macroF1 / static_cast<double>(labels) : 0;
    report.weightedF1 = all.gold > 0 ? report.weightedF1 / static_cast<double>(all.gold) : 0;
    report.subsetAccuracy = share(m_exact, m_items);
    report.hammingLoss = share(all.gold + all.predicted - 2 * all.correct, m_items * labels);
    return report;
}

Json toJson(const LabelSetReport& report) {
    Json classes = Json::array();
    for (std::size_t i = 0; i < report.labels.size(); ++i) {
        Json scores = toJson(report.perClass[i]);
        scores["label"] = report.labels[i];
        classes.push_back(std::move(scores));
    }
    return {{"items", report.items},
            {"exact", report.exact},
            {"subset_accuracy", report.subsetAccuracy},
            {"micro_precision", report.precision},
            {"micro_recall", report.recall},
            {"micro_f1", report.f1},
            {"macro_f1", report.macroF1},
            {"weighted_f1", report.weightedF1},
            {"hamming_loss", report.hammingLoss},
            {"per_class", std::move(classes)}};
}

std::string toText(const LabelSetReport& report) {
    std::string text = scoresTable("label", "texts", report.labels, report.perClass).toString();
    text += fmt::format(
        "\n{} of {} texts have exactly their labels ({:.4f}); micro-F1 {:.4f}, macro-F1 {:.4f}, wrong "
        "answers {:.4f}\n",
        report.exact, report.items, report.subsetAccuracy, report.f1, report.macroF1, report.hammingLoss);
    return text;
}

}  // namespace lathe::eval
