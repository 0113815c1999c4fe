// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Labels that are likely wrong, found by confident learning. Thread: any.
#pragma once

#include "assist/cross_validation.h"

namespace lathe::assist {

/// A label that a model which has not seen it speaks against. The numbers say why.
struct LikelyError {
    std::size_t item = 0;
    int given = 0, suggested = 0;
    double givenProbability = 0;      ///< self-confidence: what the model gives the given label
    double suggestedProbability = 0;  ///< what it gives the other one
    double usualForSuggested = 0;     ///< what it gives the other label, on average, where that is the given one
    bool confident = true;            ///< suggestedProbability is at least usualForSuggested
};

struct LabelErrors {
    std::vector<LikelyError> ranked;  ///< the likeliest error first
    /// Share of wrong labels that the counts speak for: 1 - trace of the joint distribution of given and true labels.
    double estimatedShare = 0;
    std::int64_t items = 0;
};

/// \p probabilities [items x labels], out of fold. An item is confidently of a label when its probability is at least
/// the label's threshold, the mean probability where that label is given. Listed are the items that are confidently of
/// another label than their own, and those that are of none while another label is likelier; ranked by self-confidence.
/// \source Northcutt, Jiang and Chuang 2021, arXiv:1911.00068: thresholds (2), confident joint (1), calibrated joint
/// (3), ranking by self-confidence.
LabelErrors confidentLearning(std::span<const int> given, std::span<const float> probabilities, std::size_t labels);

/// Cross-validation with the n-gram classifier, then confidentLearning. \returns what predictOutOfFold does.
Result<LabelErrors> findLabelErrors(const TrainingTexts& data, const CrossValidation& how, JobContext& context);

}  // namespace lathe::assist
