// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "assist/detail/choosing.h"
#include "assist/text_sketches.h"

namespace lathe::assist::detail {

std::uint64_t scattered(std::uint64_t seed, std::uint64_t index) {
    std::uint64_t x = (seed + 1) * 0x9E3779B97F4A7C15u + index;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

std::vector<std::size_t> openTexts(const Pool& pool) {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < pool.size(); ++i)
        if (pool.given[i] == kOpen)
            open.push_back(i);
    return open;
}

std::vector<std::size_t> highest(std::span<const std::size_t> candidates, std::span<const float> scores,
                                 std::size_t count, std::uint64_t seed) {
    struct Ranked {
        float score;
        std::uint64_t tie;
        std::size_t text;
    };
    std::vector<Ranked> ranked;
    ranked.reserve(candidates.size());
    for (std::size_t i = 0; i < candidates.size(); ++i)
        ranked.push_back({scores[i], scattered(seed, candidates[i]), candidates[i]});
    const auto end = ranked.begin() + static_cast<std::ptrdiff_t>(std::min(count, ranked.size()));
    std::partial_sort(ranked.begin(), end, ranked.end(), [](const Ranked& a, const Ranked& b) {
        return a.score != b.score ? a.score > b.score : a.tie < b.tie;
    });
    std::vector<std::size_t> chosen;
    for (auto it = ranked.begin(); it != end; ++it)
        chosen.push_back(it->text);
    return chosen;
}

Result<std::vector<std::size_t>> mostUncertain(const Pool& pool, std::size_t count, std::uint64_t seed,
                                               float (*measure)(std::span<const float>)) {
    const auto open = openTexts(pool);
    std::vector<float> scores;
    scores.reserve(open.size());
    for (const std::size_t text : open)
        scores.push_back(measure(pool.probabilitiesOf(text)));
    return highest(open, scores, count, seed);
}

Result<std::vector<std::size_t>> farthestFirst(const Pool& pool, std::span<const std::size_t> candidates,
                                               std::span<const float> weights, std::size_t count, std::uint64_t seed,
                                               JobContext& context) {
    const TextSketches& sketches = *pool.sketches;
    std::vector<float> nearest(pool.size(), -1.0f);  // cosine to the nearest center; -1 is as far as it gets
    std::vector<float> similar(sketches.paddedSize());
    const auto addCenter = [&](std::size_t text) {
        sketches.similarities(text, similar);
        for (std::size_t i = 0; i < nearest.size(); ++i)
            nearest[i] = std::max(nearest[i], similar[i]);
    };
    for (std::size_t i = 0; i < pool.size(); ++i) {
        if (i % 1000 == 0 && context.stopRequested())
            return fail(ErrorCode::Canceled, "choosing texts was stopped");
        if (pool.given[i] != kOpen)
            addCenter(i);
    }
    std::vector<std::size_t> chosen;
    std::vector<bool> taken(candidates.size(), false);
    while (chosen.size() < std::min(count, candidates.size())) {
        if (context.stopRequested())
            return fail(ErrorCode::Canceled, "choosing texts was stopped");
        std::size_t best = candidates.size();
        float bestScore = -1;
        for (std::size_t c = 0; c < candidates.size(); ++c) {
            if (taken[c])
                continue;
            const float distance = std::sqrt(std::max(0.0f, 2 - 2 * nearest[candidates[c]]));
            const float score = distance * (weights.empty() ? 1.0f : weights[c]);
            const bool tied = score == bestScore && best < candidates.size();
            if (score > bestScore || (tied && scattered(seed, candidates[c]) < scattered(seed, candidates[best]))) {
                best = c;
                bestScore = score;
            }
        }
        taken[best] = true;
        chosen.push_back(candidates[best]);
        addCenter(candidates[best]);
    }
    return chosen;
}

}  // namespace lathe::assist::detail
