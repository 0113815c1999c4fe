// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A project's rules, measured and combined. Thread: any.
#pragma once

#include <optional>

#include "assist/project_texts.h"
#include "assist/rule_votes.h"

namespace lathe::assist {

/// How often labels agree with people's.
struct Agreement {
    std::int64_t judged = 0;
    std::int64_t correct = 0;
    Interval interval() const { return wilsonInterval(correct, judged); }
};

struct RuleReport {
    RuleVotes votes;
    std::vector<RuleFigures> figures;  ///< of each labeller of the votes
    std::int64_t covered = 0;          ///< texts on which any rule speaks
    std::optional<LabelModel> model;   ///< with people's labels; none where no rule speaks
    /// Of the likeliest label by a model that was fitted without people's labels, and of the majority's vote where it
    /// has one: on texts where any rule speaks.
    Agreement combined, majority;
};

/// \p texts with people's labels where there are any: they settle how good each rule is. \returns as applyRules.
Result<RuleReport> reportRules(const std::vector<Rule>& rules, const ProjectTexts& texts, JobContext& context);

/// What the rules say of a text together.
struct RuleLabel {
    std::size_t text = 0;  ///< in ProjectTexts
    int label = 0;
    double probability = 0;
    double margin = 0;  ///< to the next likely label
};
/// For the texts on which any rule speaks, nobody has given a label, and the likeliest label has at least \p least.
std::vector<RuleLabel> ruleLabels(const RuleReport& report, const ProjectTexts& texts, double least);

}  // namespace lathe::assist
