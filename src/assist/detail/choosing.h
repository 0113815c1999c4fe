// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What orders share. Private to src/assist.
#pragma once

#include "assist/acquisition.h"

namespace lathe::assist::detail {

/// A number for (seed, index) that looks random: SplitMix64's finaliser.
std::uint64_t scattered(std::uint64_t seed, std::uint64_t index);
/// The indices of texts without a label, in the pool's order.
std::vector<std::size_t> openTexts(const Pool& pool);
/// The \p count of \p candidates with the highest scores, best first; ties in an order that the seed gives.
std::vector<std::size_t> highest(std::span<const std::size_t> candidates, std::span<const float> scores,
                                 std::size_t count, std::uint64_t seed);
/// An order by how unsure the model is of each open text.
Result<std::vector<std::size_t>> mostUncertain(const Pool& pool, std::size_t count, std::uint64_t seed,
                                               float (*measure)(std::span<const float>));
/// Greedy k-center: again and again the open text for which distance to its nearest chosen or labelled text, times its
/// weight, is greatest. \p weights one for each candidate; empty = 1.
Result<std::vector<std::size_t>> farthestFirst(const Pool& pool, std::span<const std::size_t> candidates,
                                               std::span<const float> weights, std::size_t count, std::uint64_t seed,
                                               JobContext& context);

}  // namespace lathe::assist::detail
