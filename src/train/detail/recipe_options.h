// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The recipe of a run beside its sizes: which optimizer and schedule, how a step is put together, what the loss is.
// Torch-free.
#pragma once

#include "core/option_spec.h"
#include "core/result.h"
#include "train/detail/augmentation_options.h"
#include "train/detail/loss_options.h"
#include "train/detail/plateau.h"

namespace lathe::train {

struct Dataset;
struct Example;

/// The recipe's part of trainOptions().
std::vector<OptionSpec> recipeOptions();
/// What option `decay` may be.
std::vector<std::string> scheduleIds();

struct RecipeSettings {
    std::string optimizer = "adamw";
    double headRateFactor = 1;      ///< the learning rate of the task's head, in units of the others'
    std::int64_t accumulation = 1;  ///< batches that make up one step
    std::string decay = "linear";
    std::int64_t warmupSteps = 0;  ///< 0 = by the share of the steps
    double endRate = 0, power = 1;
    std::int64_t timescale = 0;
    bool watchesMetric = false;  ///< the schedule is that of `plateau`
    PlateauOptions plateau;
    LossOptions loss;
    double neftuneAlpha = 0;  ///< 0 = no noise on word embeddings
    double fgmEpsilon = 0;    ///< 0 = no adversarial steps
    AugmentationOptions augmentation;
    std::string teacher;           ///< model folder; empty = none
    std::int64_t averageLast = 0;  ///< evaluations whose mean weights may be kept; below 2 = off
    bool deterministic = false;
    Json all = Json::object();  ///< the complete options, for what the optimizer reads itself

    /// The same optimizer and schedule for a phase that learns the language only: nothing that is for labels.
    RecipeSettings forPretraining() const;
};

/// \p complete: what completeOptions() gave. The loss's class weights depend on the data: see classWeightsFor.
RecipeSettings recipeFrom(const Json& complete);

/// Texts, or parts of texts, of each of so many labels.
std::vector<std::int64_t> countLabels(const std::vector<Example>& examples, std::size_t labels);
/// Option class_weights: "" (none), "balanced" (texts / (labels * texts of the label), so that each label counts the
/// same), or a number for each label in the data's order, "1,2.5,0.3". \returns InvalidInput.
Result<std::vector<double>> classWeightsFor(const Json& complete, const Dataset& data);
/// What can be said about a recipe before work starts. \returns InvalidInput.
Result<> checkRecipe(const Json& complete, const Dataset& data);

}  // namespace lathe::train
