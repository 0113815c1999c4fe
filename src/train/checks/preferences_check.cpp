// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Pairs of answers: do they differ, and in more than their length?
#include <fmt/format.h>

#include "train/detail/preflight_check.h"

namespace lathe::train {
namespace {

/// The better answers are so many times as long as the worse ones.
constexpr double kMuchLonger = 1.5;

void check(const CheckInput& input, Findings& findings) {
    if (input.kind != DataKind::Preference)
        return;
    Places equal(input);
    double chosen = 0, rejected = 0;
    forEachText(input, [&](bool isDev, std::size_t item, const Example& example) {
        if (example.chosen == example.rejected)
            equal.add(isDev, item);
        chosen += static_cast<double>(example.chosen.size());
        rejected += static_cast<double>(example.rejected.size());
    });
    const auto all = static_cast<std::int64_t>(input.data.train.size() + input.data.dev.size());
    if (equal.count() > 0)
        findings.push_back(
            {.severity = equal.count() == all ? Severity::Problem : Severity::Warning,
             .code = "equal_answers",
             .what = fmt::format("{} twice the same answer", counted(equal.count(), "pair has", "pairs have")),
             .advice = "there is nothing to prefer: take them out",
             .count = equal.count(),
             .examples = equal.take()});
    if (rejected > 0 && chosen > kMuchLonger * rejected)
        findings.push_back(
            {.severity = Severity::Note,
             .code = "longer_answers",
             .what = fmt::format("the better answers are {:.1f} times as long as the worse ones", chosen / rejected),
             .advice = "the model may learn length alone: preference_loss=simpo takes length out, and "
                       "more pairs of like lengths help",
             .count = all});
}

}  // namespace

CheckEntry preferencesCheck() {
    return {.id = "preferences", .run = check};
}

}  // namespace lathe::train
