// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Texts that are cut, and the max_tokens that would spare them.
#include <fmt/format.h>

#include <algorithm>

#include "train/detail/preflight_check.h"

namespace lathe::train {
namespace {

constexpr double kMany = 0.01;

/// The next multiple of eight: rows of such lengths are multiplied fastest.
std::int64_t roundUp(std::int64_t tokens) {
    return (tokens + 7) / 8 * 8;
}

std::string adviceFor(const CheckInput& input) {
    const LengthHistogram& lengths = input.report.lengths;
    const std::int64_t positions = input.rehearsal->positions;
    const std::int64_t wanted = roundUp(lengths.p99);
    if (wanted <= lengths.limit)
        return fmt::format("fewer than one text in a hundred is cut; max_tokens={} would spare the longest",
                           roundUp(lengths.longest));
    // A fresh encoder gets as many positions as max_tokens asks for.
    const bool isFixed = input.settings.origin == ModelOrigin::Folder && positions > 0;
    if (isFixed && lengths.limit >= positions)
        return fmt::format(
            "the model reads no more than {} tokens: divide long texts, or choose a model that reads "
            "longer ones",
            positions);
    if (isFixed && wanted > positions)
        return fmt::format("set max_tokens={}, which is all that the model can read; 99 % of the texts would need {}",
                           positions, wanted);
    return fmt::format("set max_tokens={}, which covers 99 % of the texts", wanted);
}

void check(const CheckInput& input, Findings& findings) {
    const LengthHistogram& lengths = input.report.lengths;
    if (!input.rehearsal)
        return;
    Places places = placesWhere(input, [](const TextFacts& facts) { return facts.lost > 0; });
    if (places.count() == 0)
        return;
    const auto all = static_cast<double>(input.data.train.size() + input.data.dev.size());
    const double share = static_cast<double>(places.count()) / std::max(1.0, all);
    const double lost =
        100 * static_cast<double>(lengths.lost) / static_cast<double>(std::max<std::int64_t>(1, lengths.total));
    findings.push_back({.severity = share > kMany ? Severity::Warning : Severity::Note,
                        .code = "cut_texts",
                        .what = fmt::format("{} longer than {} tokens and will be cut; {:.1f} % of the training "
                                            "tokens are lost",
                                            counted(places.count(), "text is", "texts are"), lengths.limit, lost),
                        .advice = adviceFor(input),
                        .count = places.count(),
                        .examples = places.take()});
}

}  // namespace

CheckEntry lengthsCheck() {
    return {.id = "lengths", .run = check};
}

}  // namespace lathe::train
