// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Accuracy, macro-F1, the per-class table and the confusion matrix of a single-label classifier.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/json.h"

namespace lathe::eval {

struct ClassScores {
    double precision = 0, recall = 0, f1 = 0;  ///< 0 where undefined, as scikit-learn's zero_division=0
    std::int64_t support = 0;                  ///< items whose gold label it is
    std::int64_t predicted = 0;
};

struct ClassificationReport {
    std::vector<std::string> labels;
    std::int64_t items = 0;
    std::int64_t correct = 0;
    double accuracy = 0;
    double accuracyLow = 0, accuracyHigh = 0;  ///< 95 % Wilson interval
    double macroF1 = 0;                        ///< over labels with support or predictions, as scikit-learn does
    double weightedF1 = 0;
    double meanLoss = 0;  ///< nats per item; 0 when probabilities were not given
    std::vector<ClassScores> perClass;
    std::vector<std::int64_t> confusion;  ///< [L x L] row-major, row = gold, column = predicted
    std::int64_t at(std::size_t gold, std::size_t predicted) const {
        return confusion[gold * labels.size() + predicted];
    }
};

/// \p gold and \p predicted are indices into \p labels, of equal length.
/// \source Wilson 1927 for the interval.
ClassificationReport classificationReport(std::vector<std::string> labels, std::span<const int> gold,
                                          std::span<const int> predicted);
Json toJson(const ClassificationReport& report);
std::string toText(const ClassificationReport& report);  ///< aligned table for the command line

}  // namespace lathe::eval
