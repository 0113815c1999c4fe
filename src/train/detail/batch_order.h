// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which texts make up which batch of an epoch: shuffled, but of like length, so that little is computed on padding.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace lathe::train {

struct BatchOrder {
    std::int64_t batchSize = 32;   ///< texts, at most
    std::int64_t batchTokens = 0;  ///< padded tokens, at most (a longer single text still makes a batch); 0 = no limit
    std::int64_t window = 50;      ///< batches' worth of texts that are sorted together
    std::uint64_t seed = 42;
};

using ItemList = std::vector<std::int32_t>;

/// Every item exactly once, in batches. A pure function of its arguments: the same on every machine.
/// Shuffled; sorted by length within windows, so that a batch holds like lengths; the batches shuffled again.
std::vector<ItemList> epochBatches(std::span<const std::int32_t> lengths, const BatchOrder& order, std::int64_t epoch);
/// What \p items make up as one batch: the longest one's tokens for each.
std::int64_t paddedTokens(std::span<const std::int32_t> items, std::span<const std::int32_t> lengths);
/// The parts of one batch that go through the network one after the other: at most \p maxItems each, and at most
/// \p maxTokens padded tokens (0 = no limit); in the batch's order.
std::vector<ItemList> splitBatch(std::span<const std::int32_t> items, std::span<const std::int32_t> lengths,
                                 std::int64_t maxItems, std::int64_t maxTokens);
/// The parts of a batch that one of several processes takes. Where the batch has as many parts as processes, or a
/// multiple, or \p wholeParts, each takes every so many-th part as it is; else every so many-th text, so that all have
/// as many of like lengths. Together they are the batch; a process may be left without.
std::vector<ItemList> shareOfBatch(std::span<const std::int32_t> items, std::span<const std::int32_t> lengths,
                                   std::int64_t maxItems, std::int64_t maxTokens, int rank, int size, bool wholeParts);
/// All items once, longest first, for evaluation: at most \p maxItems and \p maxTokens padded tokens a batch.
std::vector<ItemList> evaluationBatches(std::span<const std::int32_t> lengths, std::int64_t maxItems,
                                        std::int64_t maxTokens);

}  // namespace lathe::train
