// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/stratify.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <random>

namespace lathe::corpus::detail {

void shuffle(std::vector<std::size_t>& indices, std::mt19937_64& engine) {
    for (std::size_t i = indices.size(); i > 1; --i) {
        const std::uint64_t bound = i;
        const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound;  // values from here on would favour small indices
        std::uint64_t drawn = engine();
        while (drawn >= limit)
            drawn = engine();
        std::swap(indices[i - 1], indices[static_cast<std::size_t>(drawn % bound)]);
    }
}

std::vector<std::int64_t> devCounts(std::span<const std::int64_t> groupSizes, double share) {
    std::vector<std::int64_t> counts(groupSizes.size(), 0);
    if (share <= 0)
        return counts;
    const std::int64_t total = std::accumulate(groupSizes.begin(), groupSizes.end(), std::int64_t{0});
    const auto target = static_cast<std::int64_t>(std::llround(share * static_cast<double>(total)));
    std::vector<double> quota(groupSizes.size());
    std::vector<std::int64_t> least(groupSizes.size()), most(groupSizes.size());
    for (std::size_t g = 0; g < groupSizes.size(); ++g) {
        quota[g] = share * static_cast<double>(groupSizes[g]);
        most[g] = std::max<std::int64_t>(groupSizes[g] - 1, 0);
        least[g] = std::min<std::int64_t>(1, most[g]);
        counts[g] = std::clamp(static_cast<std::int64_t>(std::floor(quota[g])), least[g], most[g]);
    }
    std::int64_t sum = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
    // One item at a time from or to the group that is furthest from its quota. The sum stays above the target only
    // when "at least one each" alone exceeds it.
    const auto gap = [&](std::size_t g) { return quota[g] - static_cast<double>(counts[g]); };
    while (sum != target) {
        std::size_t best = groupSizes.size();
        for (std::size_t g = 0; g < groupSizes.size(); ++g) {
            const bool movable = sum < target ? counts[g] < most[g] : counts[g] > least[g];
            if (movable && (best == groupSizes.size() || (sum < target ? gap(g) > gap(best) : gap(g) < gap(best))))
                best = g;
        }
        if (best == groupSizes.size())
            break;
        const std::int64_t move = sum < target ? 1 : -1;
        counts[best] += move;
        sum += move;
    }
    return counts;
}

void divide(std::span<SnapshotItem> items, double devShare, std::uint64_t seed) {
    std::map<LabelId, std::vector<std::size_t>> groups;  // ordered: the seed must meet the labels in the same order
    for (std::size_t i = 0; i < items.size(); ++i)
        if (items[i].split == Split::None)
            groups[items[i].label.value_or(0)].push_back(i);
    std::vector<std::int64_t> sizes;
    for (const auto& [label, indices] : groups)
        sizes.push_back(static_cast<std::int64_t>(indices.size()));
    const auto dev = devCounts(sizes, devShare);
    std::mt19937_64 engine(seed);
    std::size_t group = 0;
    for (auto& [label, indices] : groups) {
        shuffle(indices, engine);
        const auto take = static_cast<std::size_t>(dev[group++]);
        for (std::size_t i = 0; i < indices.size(); ++i)
            items[indices[i]].split = i < take ? Split::Dev : Split::Train;
    }
}

}  // namespace lathe::corpus::detail
