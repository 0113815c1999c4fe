// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a set of rules says about texts, and how good each rule is. Thread: any.
#pragma once

#include "assist/label_model.h"
#include "assist/rule.h"
#include "core/intervals.h"

namespace lathe::assist {

/// The votes of the enabled rules, in their order.
struct RuleVotes {
    std::vector<std::size_t> rules;      ///< the labeller's place among the rules given
    Votes votes;                         ///< labels are indices into \p labelNames
    std::vector<std::int64_t> troubled;  ///< of each labeller: texts on which a pattern took too long
};

/// \returns InvalidInput (a rule that cannot be read, or whose label is not among the names), Canceled.
Result<RuleVotes> applyRules(const std::vector<Rule>& rules, std::span<const std::string> texts,
                             std::span<const std::string> labelNames, JobContext& context);

struct RuleFigures {
    std::int64_t texts = 0;      ///< looked at
    std::int64_t covered = 0;    ///< on which it speaks
    std::int64_t overlaps = 0;   ///< on which another rule speaks too
    std::int64_t conflicts = 0;  ///< on which another rule gives another label
    std::int64_t judged = 0;     ///< on which it speaks and a person's label is known
    std::int64_t correct = 0;    ///< of those, where they agree
    Interval accuracy;           ///< 95 %, of correct in judged
};

/// One for each labeller. \p known as fitLabelModel's.
std::vector<RuleFigures> ruleFigures(const Votes& votes, std::span<const int> known);

}  // namespace lathe::assist
