// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Is the model as good for all? Its figures by group (length, source, annotator, a sensitive attribute), and the usual
// fairness gaps between groups. Thread: any.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/intervals.h"
#include "core/json.h"

namespace lathe::eval {

/// Below so many items a group's share says little: its 95 % interval may be wider than 0.3.
inline constexpr std::int64_t kFewItems = 30;

struct SliceScores {
    std::string group;
    std::int64_t items = 0, correct = 0;
    double accuracy = 0;
    Interval accuracyInterval;  ///< 95 %, Wilson
    bool few = false;           ///< fewer than kFewItems: may mislead
};
/// In the names' order, those without items left out. All of equal length; \p groups index into \p names.
std::vector<SliceScores> sliceScores(std::span<const std::string> names, std::span<const int> groups,
                                     std::span<const int> gold, std::span<const int> predicted);

/// What one label's predictions do to one group.
struct GroupRates {
    std::string group;
    std::int64_t items = 0, positives = 0, negatives = 0;  ///< by the gold labels
    double selected = 0;                                   ///< share that is given the label
    double truePositiveRate = 0, falsePositiveRate = 0;    ///< 0 without positives, negatives
    bool few = false;                                      ///< items, positives or negatives below kFewItems
};
struct FairnessReport {
    std::vector<GroupRates> groups;
    /// Largest difference between groups. Groups without positives (negatives) are left out of rates over them.
    double demographicParity = 0;  ///< of the share that is given the label. \source Dwork et al. 2012
    double equalOpportunity = 0;   ///< of the true positive rate. \source Hardt et al. 2016
    double equalisedOdds = 0;      ///< of the true or the false positive rate, the larger. \source Hardt et al. 2016
    bool few = false;              ///< a group is too small to trust the gaps
};
/// For the label \p label against all others.
FairnessReport fairness(std::span<const std::string> names, std::span<const int> groups, std::span<const int> gold,
                        std::span<const int> predicted, int label);

Json toJson(const SliceScores& slice);
Json toJson(const FairnessReport& report);

}  // namespace lathe::eval
