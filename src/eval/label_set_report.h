// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Precision, recall and F1 of texts with any number of labels, as scikit-learn counts them (zero_division=0).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "eval/classification_report.h"

namespace lathe::eval {

struct LabelSetReport {
    std::vector<std::string> labels;
    std::vector<ClassScores> perClass;         ///< parallel to labels; support: texts that have it
    std::int64_t items = 0, exact = 0;         ///< texts; those with all their labels and no others
    double subsetAccuracy = 0;                 ///< exact / items
    double precision = 0, recall = 0, f1 = 0;  ///< over all labels together (micro)
    double macroF1 = 0, weightedF1 = 0;        ///< over labels, and over labels by their support
    double hammingLoss = 0;                    ///< share of wrong answers among items * labels
};

class LabelSetCounter {
public:
    explicit LabelSetCounter(std::vector<std::string> labels);
    /// One text; indices into the labels, each at most once.
    void add(std::span<const int> gold, std::span<const int> predicted);
    LabelSetReport report() const;

private:
    struct Counts {
        std::int64_t gold = 0, predicted = 0, correct = 0;
    };
    std::vector<std::string> m_labels;
    std::vector<Counts> m_counts;
    std::int64_t m_items = 0, m_exact = 0;
};

Json toJson(const LabelSetReport& report);
std::string toText(const LabelSetReport& report);  ///< aligned table for the command line

}  // namespace lathe::eval
