// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// In which order a confusion matrix shows its labels. Pure functions.
#pragma once

#include <utility>
#include <vector>

#include "eval/classification_report.h"

namespace lathe::pages {

enum class LabelOrder { BySize, BySimilarity, ByName };

/// A permutation of the report's labels. BySimilarity puts labels that are confused with each other side by side:
/// average-linkage clustering of the confusion in both directions, the larger cluster first.
std::vector<int> labelOrder(const eval::ClassificationReport& report, LabelOrder order);

struct Confused {
    int gold = 0;
    int predicted = 0;
    std::int64_t items = 0;
    double share = 0;  ///< of the gold label's items
};
/// Cells off the diagonal with items, most items first, then highest share.
std::vector<Confused> confusedPairs(const eval::ClassificationReport& report);

}  // namespace lathe::pages
