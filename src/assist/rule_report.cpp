// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "assist/rule_report.h"

#include <algorithm>

namespace lathe::assist {
namespace {

bool speaks(std::span<const std::int16_t> votes) {
    return std::ranges::any_of(votes, [](std::int16_t vote) { return vote != kAbstain; });
}

RuleLabel likeliest(const LabelModel& model, std::span<const std::int16_t> votes) {
    auto p = posterior(model, votes);
    const auto best = std::ranges::max_element(p);
    RuleLabel label{.label = static_cast<int>(best - p.begin()), .probability = *best};
    *best = -1;
    label.margin = label.probability - *std::ranges::max_element(p);
    return label;
}

void add(Agreement& agreement, int given, int said) {
    ++agreement.judged;
    agreement.correct += given == said ? 1 : 0;
}

}  // namespace

Result<RuleReport> reportRules(const std::vector<Rule>& rules, const ProjectTexts& texts, JobContext& context) {
    RuleReport report;
    LATHE_TRY(report.votes, applyRules(rules, texts.texts, texts.names, context));
    const Votes& votes = report.votes.votes;
    report.figures = ruleFigures(votes, texts.labels);
    for (std::size_t i = 0; i < votes.texts(); ++i)
        report.covered += speaks(votes.of(i)) ? 1 : 0;
    if (report.covered == 0 || votes.labels < 2)
        return report;
    LATHE_TRY(report.model, fitLabelModel(votes, texts.labels, {}, context));
    LATHE_TRY(const LabelModel unaided, fitLabelModel(votes, {}, {}, context));
    for (std::size_t i = 0; i < votes.texts(); ++i) {
        const auto row = votes.of(i);
        if (texts.labels[i] < 0 || !speaks(row))
            continue;
        add(report.combined, texts.labels[i], likeliest(unaided, row).label);
        if (const auto vote = majorityVote(row, votes.labels); vote != kAbstain)
            add(report.majority, texts.labels[i], vote);
    }
    return report;
}

std::vector<RuleLabel> ruleLabels(const RuleReport& report, const ProjectTexts& texts, double least) {
    std::vector<RuleLabel> labels;
    if (!report.model)
        return labels;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto row = report.votes.votes.of(i);
        if (texts.labels[i] >= 0 || !speaks(row))
            continue;
        RuleLabel label = likeliest(*report.model, row);
        label.text = i;
        if (label.probability >= least)
            labels.push_back(label);
    }
    return labels;
}

}  // namespace lathe::assist
