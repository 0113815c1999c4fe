// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "assist/acquisition.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "assist/text_sketches.h"

namespace lathe::assist {

Result<std::vector<std::size_t>> chooseNext(const AcquisitionEntry& order, const Pool& pool, std::size_t count,
                                            std::uint64_t seed, JobContext& context) {
    if (!pool.probabilities.empty() && (pool.labels < 2 || pool.probabilities.size() != pool.size() * pool.labels))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{} texts with {} labels need {} probabilities, not {}", pool.size(), pool.labels,
                                pool.size() * pool.labels, pool.probabilities.size()));
    if (order.needsModel && pool.probabilities.empty())
        return fail(ErrorCode::InvalidInput,
                    fmt::format("the order \"{}\" needs a model that has looked at the texts", order.id));
    if (order.needsSketches && (!pool.sketches || pool.sketches->size() != pool.size()))
        return fail(ErrorCode::InvalidInput, fmt::format("the order \"{}\" needs the texts' sketches", order.id));
    return order.choose(pool, count, seed, context);
}

float leastConfidence(std::span<const float> probabilities) {
    const auto labels = static_cast<float>(probabilities.size());
    return (1 - *std::ranges::max_element(probabilities)) * labels / (labels - 1);
}

float smallMargin(std::span<const float> probabilities) {
    float first = 0, second = 0;
    for (const float p : probabilities) {
        if (p > first) {
            second = first;
            first = p;
        } else {
            second = std::max(second, p);
        }
    }
    return 1 - (first - second);
}

float entropy(std::span<const float> probabilities) {
    float sum = 0;
    for (const float p : probabilities)
        if (p > 0)
            sum -= p * std::log(p);
    return sum / std::log(static_cast<float>(probabilities.size()));
}

}  // namespace lathe::assist
