// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Uncertain texts that are unlike each other: a batch of near copies of one hard text teaches one thing only.
#include <algorithm>

#include "assist/detail/choosing.h"

namespace lathe::assist {
namespace {

/// So many times the batch are looked at, the most uncertain ones.
constexpr std::size_t kPerChosen = 10;

Result<std::vector<std::size_t>> choose(const Pool& pool, std::size_t count, std::uint64_t seed, JobContext& context) {
    LATHE_TRY(const auto candidates, detail::mostUncertain(pool, count * kPerChosen, seed, smallMargin));
    std::vector<float> weights;
    for (const std::size_t text : candidates)
        weights.push_back(smallMargin(pool.probabilitiesOf(text)));
    return detail::farthestFirst(pool, candidates, weights, count, seed, context);
}

}  // namespace

AcquisitionEntry uncertainDiverseOrder() {
    return {.id = "uncertain_diverse",
            .title = "Uncertain and diverse",
            .help = "Of the uncertain texts (by margin) those that are unlike each other and what has a label.",
            .source = "margin times distance, greedily; after Zhdanov 2019, arXiv:1901.05954",
            .needsModel = true,
            .needsSketches = true,
            .choose = choose};
}

}  // namespace lathe::assist
