// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "assist/label_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace lathe::assist {
namespace {

/// Nobody is trusted, or distrusted, beyond these: one vote must not outweigh all others for ever.
constexpr double kLeastAccuracy = 1e-3, kMostAccuracy = 1 - 1e-3;

/// Texts with the same votes and the same known label count as one with a weight.
struct Pattern {
    std::span<const std::int16_t> votes;
    int known = -1;
    double weight = 0;
};

std::vector<Pattern> patternsOf(const Votes& votes, std::span<const int> known) {
    std::map<std::pair<std::vector<std::int16_t>, int>, std::size_t> places;
    std::vector<Pattern> patterns;
    for (std::size_t text = 0; text < votes.texts(); ++text) {
        const auto row = votes.of(text);
        if (std::ranges::all_of(row, [](std::int16_t vote) { return vote == kAbstain; }))
            continue;
        const int label = known.empty() ? -1 : known[text];
        const auto [place, isNew] =
            places.try_emplace({std::vector<std::int16_t>(row.begin(), row.end()), label}, patterns.size());
        if (isNew)
            patterns.push_back({row, label, 0});
        patterns[place->second].weight += 1;
    }
    return patterns;
}

Result<> check(const Votes& votes, std::span<const int> known) {
    if (votes.labels < 2)
        return fail(ErrorCode::InvalidInput, "rules can only be combined where there are two labels at least");
    if (votes.labellers == 0 || votes.values.size() % votes.labellers != 0)
        return fail(ErrorCode::InvalidInput, "there are no rules whose votes could be combined");
    const auto labels = static_cast<int>(votes.labels);
    for (const std::int16_t vote : votes.values)
        if (vote < kAbstain || vote >= labels)
            return fail(ErrorCode::InvalidInput, fmt::format("a vote is for label {} of {}", vote, labels));
    if (!known.empty() && known.size() != votes.texts())
        return fail(ErrorCode::InvalidInput, fmt::format("{} known labels for {} texts", known.size(), votes.texts()));
    if (std::ranges::any_of(known, [&](int label) { return label < -1 || label >= labels; }))
        return fail(ErrorCode::InvalidInput, "a known label is outside the list of labels");
    return {};
}

}  // namespace

std::vector<double> posterior(const LabelModel& model, std::span<const std::int16_t> votes) {
    const std::size_t labels = model.balance.size();
    std::vector<double> logs(labels);
    for (std::size_t label = 0; label < labels; ++label)
        logs[label] = std::log(model.balance[label]);
    for (std::size_t j = 0; j < votes.size(); ++j) {
        if (votes[j] == kAbstain)
            continue;
        const double wrong = std::log((1 - model.accuracy[j]) / static_cast<double>(labels - 1));
        for (std::size_t label = 0; label < labels; ++label)
            logs[label] += votes[j] == static_cast<int>(label) ? std::log(model.accuracy[j]) : wrong;
    }
    const double highest = *std::ranges::max_element(logs);
    double sum = 0;
    for (double& value : logs)
        sum += value = std::exp(value - highest);
    for (double& value : logs)
        value /= sum;
    return logs;
}

std::int16_t majorityVote(std::span<const std::int16_t> votes, std::size_t labels) {
    std::vector<int> counts(labels, 0);
    for (const std::int16_t vote : votes)
        if (vote != kAbstain)
            ++counts[static_cast<std::size_t>(vote)];
    const auto most = std::ranges::max_element(counts);
    if (*most == 0 || std::ranges::count(counts, *most) > 1)
        return kAbstain;
    return static_cast<std::int16_t>(most - counts.begin());
}

Result<LabelModel> fitLabelModel(const Votes& votes, std::span<const int> known, const LabelModelOptions& options,
                                 JobContext& context) {
    LATHE_CHECK(check(votes, known));
    const auto patterns = patternsOf(votes, known);
    if (patterns.empty())
        return fail(ErrorCode::InvalidInput, "no rule says anything about any text; widen the rules");
    LabelModel model;
    model.accuracy.assign(votes.labellers, options.priorAccuracy);
    model.coverage.assign(votes.labellers, 0);
    model.balance.assign(votes.labels, 1 / static_cast<double>(votes.labels));
    double covered = 0;
    std::vector<double> spoken(votes.labellers, 0);
    for (const Pattern& pattern : patterns) {
        covered += pattern.weight;
        for (std::size_t j = 0; j < votes.labellers; ++j)
            if (pattern.votes[j] != kAbstain)
                spoken[j] += pattern.weight;
    }
    for (std::size_t j = 0; j < votes.labellers; ++j)
        model.coverage[j] = spoken[j] / static_cast<double>(votes.texts());

    while (!model.converged && model.iterations < options.iterations) {
        if (context.stopRequested())
            return fail(ErrorCode::Canceled, "combining the rules was stopped");
        // E: how likely each label is for each pattern. M: accuracies and balance are those likelihoods, counted.
        std::vector<double> right(votes.labellers, 0), mass(votes.labels, 1);  // one text more of each label
        for (const Pattern& pattern : patterns) {
            std::vector<double> p(votes.labels, 0);
            if (pattern.known >= 0)
                p[static_cast<std::size_t>(pattern.known)] = 1;
            else
                p = posterior(model, pattern.votes);
            for (std::size_t label = 0; label < votes.labels; ++label)
                mass[label] += pattern.weight * p[label];
            for (std::size_t j = 0; j < votes.labellers; ++j)
                if (pattern.votes[j] != kAbstain)
                    right[j] += pattern.weight * p[static_cast<std::size_t>(pattern.votes[j])];
        }
        double change = 0;
        const auto set = [&](double& value, double now) {
            change = std::max(change, std::abs(value - now));
            value = now;
        };
        for (std::size_t j = 0; j < votes.labellers; ++j)
            set(model.accuracy[j],
                std::clamp((right[j] + options.priorAccuracy * options.priorVotes) / (spoken[j] + options.priorVotes),
                           kLeastAccuracy, kMostAccuracy));
        for (std::size_t label = 0; label < votes.labels; ++label)
            set(model.balance[label], mass[label] / (covered + static_cast<double>(votes.labels)));
        ++model.iterations;
        model.converged = change < options.tolerance;
    }
    return model;
}

}  // namespace lathe::assist
