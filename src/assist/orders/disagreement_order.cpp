// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Labelled texts of which the model thinks otherwise: the surest contradiction first.
#include <algorithm>

#include "assist/detail/choosing.h"

namespace lathe::assist {
namespace {

Result<std::vector<std::size_t>> choose(const Pool& pool, std::size_t count, std::uint64_t seed, JobContext&) {
    std::vector<std::size_t> candidates;
    std::vector<float> scores;
    for (std::size_t i = 0; i < pool.size(); ++i) {
        if (pool.given[i] == kOpen)
            continue;
        const auto probabilities = pool.probabilitiesOf(i);
        const auto best = std::ranges::max_element(probabilities);
        if (best - probabilities.begin() == pool.given[i])
            continue;
        candidates.push_back(i);
        // A label that the model has never seen has no probability: it is as far off as can be.
        const auto given = static_cast<std::size_t>(pool.given[i]);
        scores.push_back(*best - (given < pool.labels ? probabilities[given] : 0.0f));
    }
    return detail::highest(candidates, scores, count, seed);
}

}  // namespace

AcquisitionEntry disagreementOrder() {
    return {.id = "disagreement",
            .title = "Model disagrees with me",
            .help = "Labelled texts that the model would label otherwise, the surest first: mistakes, or hard cases.",
            .source = "the model's lead over the given label",
            .needsModel = true,
            .ofLabelled = true,
            .choose = choose};
}

}  // namespace lathe::assist
