// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Scores and labels of models and rules for a project's texts, written so that they can be told from people's and taken
// back in one step. Thread: any (the store's).
#pragma once

#include <functional>

#include "assist/project_texts.h"
#include "assist/rule_report.h"

namespace lathe::assist {

/// A classifier of any kind: for each text the probabilities of its labels.
struct Scorer {
    std::string name;                 ///< under which scores and labels are kept
    std::vector<std::string> labels;  ///< by name; those that the project does not have are passed over
    std::function<Result<std::vector<std::vector<float>>>(std::span<const std::string> texts, JobContext& context)>
        classify;
};

/// Scores of this name are the combined rules'.
inline constexpr const char* kRulesName = "rules";

struct ScoreReport {
    std::int64_t scored = 0;
    std::int64_t disagree = 0;  ///< with a label that a person gave
};

/// Scores every text of the project anew, the test split's too: they are shown and filtered by, nothing learns from
/// them. \returns InvalidInput when the project has none of the model's labels, and what the scorer and the store do.
Result<ScoreReport> scoreProject(corpus::CorpusStore& store, const Scorer& scorer, JobContext& context);

struct MachineLabelReport {
    std::int64_t open = 0;   ///< texts that were looked at: without a label, not skipped, not dev or test
    std::int64_t given = 0;  ///< labels
    corpus::AnnotationId step = 0;
};

/// Gives each open text the model's label where it has a probability of \p least at least: origin Model, the scorer's
/// name as annotator. \returns as scoreProject; what was written before a failure stays, and can be taken back.
Result<MachineLabelReport> pseudoLabel(corpus::CorpusStore& store, const Scorer& scorer, double least,
                                       JobContext& context);

/// Writes what the rules say together where it has a probability of \p least at least: origin Rule, kRulesName as
/// annotator, with probabilities among the scores.
Result<MachineLabelReport> applyRuleLabels(corpus::CorpusStore& store, const RuleReport& report,
                                           const ProjectTexts& texts, double least, JobContext& context);

}  // namespace lathe::assist
