// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Dividing samples into train, dev and test. Pure functions; the store comes in with clean/splits.h.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "corpus/types.h"

namespace lathe::corpus {

struct SplitShares {
    double train = 0.8, dev = 0.1, test = 0.1;  ///< 0 to 1, 1 together
    friend bool operator==(const SplitShares&, const SplitShares&) = default;
};

enum class SplitMethod {
    Stratified,  ///< each label in the same shares
    Random,
    Time,  ///< the newest are the test split, the next newest dev
};

struct SplitItem {
    std::vector<LabelId> labels;  ///< every label that it carries, sorted; none: unlabelled, which counts as a label
    std::int64_t group = -1;      ///< items of one group go to one split; -1: alone
    std::int64_t timeMs = 0;      ///< only for SplitMethod::Time
};

/// A split for each item. The same items in the same order, shares and seed give the same splits.
/// - Stratified, each item with at most one label and no groups: of every label each split has its share within one
///   item, and so have the splits as wholes (controlled rounding of the table of labels and splits).
/// - Stratified with several labels an item, or with groups: iterative stratification (Sechidis, Tsoumakas and
/// Vlahavas,
///   "On the stratification of multi-label data", 2011), the rarest label first, groups whole, the large ones first.
/// - Time: at a border between splits a group goes to where most of it lies; groups have the time of their newest item.
std::vector<Split> planSplits(std::span<const SplitItem> items, const SplitShares& shares, SplitMethod method,
                              std::uint64_t seed);

}  // namespace lathe::corpus
