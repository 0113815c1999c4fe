// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/batch_order.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <type_traits>

#include "core/random.h"

namespace lathe::train {
namespace {

ItemList allItems(std::size_t count) {
    ItemList items(count);
    std::iota(items.begin(), items.end(), 0);
    return items;
}

/// Cuts \p items (like lengths beside each other) into batches and appends them.
void cut(std::span<const std::int32_t> items, std::span<const std::int32_t> lengths, std::int64_t maxItems,
         std::int64_t maxTokens, std::vector<ItemList>& batches) {
    ItemList batch;
    std::int64_t longest = 0;
    for (const std::int32_t item : items) {
        const std::int64_t length = std::max<std::int64_t>(longest, lengths[static_cast<std::size_t>(item)]);
        const auto count = static_cast<std::int64_t>(batch.size()) + 1;
        if (!batch.empty() && (count > maxItems || length * count > maxTokens)) {
            batches.push_back(std::move(batch));
            batch.clear();
            longest = 0;
        }
        batch.push_back(item);
        longest = std::max<std::int64_t>(longest, lengths[static_cast<std::size_t>(item)]);
    }
    if (!batch.empty())
        batches.push_back(std::move(batch));
}

void sortByLength(std::span<std::int32_t> items, std::span<const std::int32_t> lengths) {
    std::ranges::stable_sort(items, std::greater{},
                             [&](std::int32_t i) { return lengths[static_cast<std::size_t>(i)]; });
}

}  // namespace

std::vector<ItemList> epochBatches(std::span<const std::int32_t> lengths, const BatchOrder& order, std::int64_t epoch) {
    Random random(mixSeed(order.seed, 0x6f72646572ull /* "order" */, static_cast<std::uint64_t>(epoch)));
    ItemList items = allItems(lengths.size());
    random.shuffle(items);
    const std::int64_t maxTokens = order.batchTokens > 0 ? order.batchTokens : std::numeric_limits<std::int64_t>::max();
    const auto window = static_cast<std::size_t>(std::max<std::int64_t>(1, order.batchSize * order.window));
    std::vector<ItemList> batches;
    for (std::size_t begin = 0; begin < items.size(); begin += window) {
        const std::span part(items.data() + begin, std::min(window, items.size() - begin));
        sortByLength(part, lengths);
        cut(part, lengths, order.batchSize, maxTokens, batches);
    }
    random.shuffle(batches);
    return batches;
}

std::int64_t paddedTokens(std::span<const std::int32_t> items, std::span<const std::int32_t> lengths) {
    std::int64_t longest = 0;
    for (const std::int32_t item : items)
        longest = std::max<std::int64_t>(longest, lengths[static_cast<std::size_t>(item)]);
    return longest * static_cast<std::int64_t>(items.size());
}

std::vector<ItemList> splitBatch(std::span<const std::int32_t> items, std::span<const std::int32_t> lengths,
                                 std::int64_t maxItems, std::int64_t maxTokens) {
    std::vector<ItemList> parts;
    cut(items, lengths, maxItems, maxTokens > 0 ? maxTokens : std::numeric_limits<std::int64_t>::max(), parts);
    return parts;
}

std::vector<ItemList> shareOfBatch(std::span<const std::int32_t> items, std::span<const std::int32_t> lengths,
                                   std::int64_t maxItems, std::int64_t maxTokens, int rank, int size, bool wholeParts) {
    const auto first = static_cast<std::size_t>(rank), step = static_cast<std::size_t>(size);
    const auto everyNth = [&](const auto& all) {
        std::vector<std::remove_cvref_t<decltype(all[0])>> some;
        for (std::size_t i = first; i < all.size(); i += step)
            some.push_back(all[i]);
        return some;
    };
    const auto parts = splitBatch(items, lengths, maxItems, maxTokens);
    if (wholeParts || parts.size() % step == 0)
        return everyNth(parts);
    return splitBatch(everyNth(items), lengths, maxItems, maxTokens);
}

std::vector<ItemList> evaluationBatches(std::span<const std::int32_t> lengths, std::int64_t maxItems,
                                        std::int64_t maxTokens) {
    ItemList items = allItems(lengths.size());
    sortByLength(items, lengths);
    std::vector<ItemList> batches;
    cut(items, lengths, maxItems, maxTokens, batches);
    return batches;
}

}  // namespace lathe::train
