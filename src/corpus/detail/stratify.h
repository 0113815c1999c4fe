// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Shuffling the same way everywhere; dividing a snapshot into train and dev, label by label.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "corpus/types.h"

namespace lathe::corpus::detail {

/// Fisher and Yates by hand: std::shuffle and the distributions differ between standard libraries, the engine does not.
void shuffle(std::vector<std::size_t>& indices, std::mt19937_64& engine);

/// How many of each group go to the dev set: \p share of all, dealt out by largest remainder, and, where the share is
/// above 0, at least one of every group that has two or more. A group never goes whole.
std::vector<std::int64_t> devCounts(std::span<const std::int64_t> groupSizes, double share);

/// Items without a split become Train or Dev; the others keep theirs. The same items and seed give the same division.
void divide(std::span<SnapshotItem> items, double devShare, std::uint64_t seed);

}  // namespace lathe::corpus::detail
