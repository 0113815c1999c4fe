// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "assist/rule_votes.h"

#include <fmt/format.h>

#include <algorithm>

namespace lathe::assist {
namespace {

constexpr std::size_t kTextsPerCheck = 500;

}  // namespace

Result<RuleVotes> applyRules(const std::vector<Rule>& rules, std::span<const std::string> texts,
                             std::span<const std::string> labelNames, JobContext& context) {
    if (labelNames.size() > static_cast<std::size_t>(INT16_MAX))
        return fail(ErrorCode::Unsupported,
                    fmt::format("rules can give {} labels at most; the project has {}", INT16_MAX, labelNames.size()));
    RuleVotes result;
    std::vector<std::unique_ptr<RuleMatcher>> matchers;
    std::vector<std::int16_t> labels;
    for (std::size_t r = 0; r < rules.size(); ++r) {
        if (!rules[r].enabled)
            continue;
        const auto label = std::ranges::find(labelNames, rules[r].label);
        if (label == labelNames.end())
            return fail(ErrorCode::InvalidInput,
                        fmt::format("the rule \"{}\" gives the label \"{}\", which the project does not have",
                                    rules[r].name, rules[r].label));
        LATHE_TRY(auto matcher, makeMatcher(rules[r]));
        matchers.push_back(std::move(matcher));
        labels.push_back(static_cast<std::int16_t>(label - labelNames.begin()));
        result.rules.push_back(r);
    }
    result.votes.labellers = matchers.size();
    result.votes.labels = labelNames.size();
    result.votes.values.assign(texts.size() * matchers.size(), kAbstain);
    result.troubled.assign(matchers.size(), 0);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (i % kTextsPerCheck == 0) {
            if (context.stopRequested())
                return fail(ErrorCode::Canceled, "applying the rules was stopped");
            context.progress(static_cast<std::int64_t>(i), static_cast<std::int64_t>(texts.size()), "applying rules");
        }
        for (std::size_t j = 0; j < matchers.size(); ++j) {
            const auto found = matchers[j]->matches(texts[i]);
            if (!found)
                ++result.troubled[j];
            else if (!found->empty())
                result.votes.values[i * matchers.size() + j] = labels[j];
        }
    }
    return result;
}

std::vector<RuleFigures> ruleFigures(const Votes& votes, std::span<const int> known) {
    std::vector<RuleFigures> figures(votes.labellers);
    for (std::size_t text = 0; text < votes.texts(); ++text) {
        const auto row = votes.of(text);
        const auto speaking = std::ranges::count_if(row, [](std::int16_t vote) { return vote != kAbstain; });
        for (std::size_t j = 0; j < votes.labellers; ++j) {
            RuleFigures& rule = figures[j];
            ++rule.texts;
            if (row[j] == kAbstain)
                continue;
            ++rule.covered;
            rule.overlaps += speaking > 1 ? 1 : 0;
            rule.conflicts +=
                std::ranges::any_of(row, [&](std::int16_t vote) { return vote != kAbstain && vote != row[j]; });
            if (!known.empty() && known[text] >= 0) {
                ++rule.judged;
                rule.correct += known[text] == row[j] ? 1 : 0;
            }
        }
    }
    for (RuleFigures& rule : figures)
        rule.accuracy = wilsonInterval(rule.correct, rule.judged);
    return figures;
}

}  // namespace lathe::assist
