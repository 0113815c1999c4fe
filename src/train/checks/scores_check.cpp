// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers that are to be learnt: are they numbers, and do they differ?
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "train/detail/preflight_check.h"

namespace lathe::train {
namespace {

void check(const CheckInput& input, Findings& findings) {
    if (input.kind != DataKind::Score && input.kind != DataKind::PairScore)
        return;
    Places missing(input);
    double least = std::numeric_limits<double>::infinity(), most = -least;
    forEachText(input, [&](bool isDev, std::size_t item, const Example& example) {
        if (!std::isfinite(example.score)) {
            missing.add(isDev, item);
        } else if (!isDev) {
            least = std::min(least, example.score);
            most = std::max(most, example.score);
        }
    });
    if (missing.count() > 0)
        findings.push_back({.severity = Severity::Problem,
                            .code = "score_missing",
                            .what = fmt::format("{} no score, or one that is no number",
                                                counted(missing.count(), "text has", "texts have")),
                            .advice = "give each of them a number, or take them out",
                            .count = missing.count(),
                            .examples = missing.take()});
    if (least == most)
        findings.push_back({.severity = Severity::Problem,
                            .code = "score_constant",
                            .what = fmt::format("every training text has the score {}", least),
                            .advice = "there is nothing to tell apart; is the column of the scores the right one?",
                            .count = static_cast<std::int64_t>(input.data.train.size())});
    constexpr double kLarge = 100;
    if (least < most && std::max(std::abs(least), std::abs(most)) > kLarge)
        findings.push_back(
            {.severity = Severity::Warning,
             .code = "score_range",
             .what = fmt::format("scores go from {:g} to {:g}, which a fresh head reaches slowly", least, most),
             .advice = "divide them so that they lie between 0 and 1, or -1 and 1",
             .count = static_cast<std::int64_t>(input.data.train.size())});
}

}  // namespace

CheckEntry scoresCheck() {
    return {.id = "scores", .run = check};
}

}  // namespace lathe::train
