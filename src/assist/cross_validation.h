// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Predictions for labelled texts by models that have not seen them. Thread: any.
#pragma once

#include "linear/ngram_classifier.h"

namespace lathe::assist {

/// The fold, 0 to \p folds - 1, of each item: each label's items are dealt out evenly, in an order that the seed gives.
std::vector<int> stratifiedFolds(std::span<const int> labels, int folds, std::uint64_t seed);

/// Of the texts, each with an index into the names.
struct TrainingTexts {
    std::span<const std::string> texts;
    std::span<const int> labels;
    std::span<const std::string> labelNames;
};

struct CrossValidation {
    int folds = 5;
    /// Of each fold's training texts, stratified; what a smaller share takes a larger one takes too.
    double share = 1;
    std::uint64_t seed = 42;
    linear::NgramOptions model;
};

struct OutOfFold {
    std::vector<float> probabilities;  ///< [texts x labels], row by row
    double trainedOn = 0;              ///< texts that a model was trained on, on average
};

/// A model for each fold, trained on the others. \returns InvalidInput (fewer than two folds, fewer texts than folds,
/// training texts of one label alone), Canceled.
Result<OutOfFold> predictOutOfFold(const TrainingTexts& data, const CrossValidation& how, JobContext& context);

}  // namespace lathe::assist
