// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The recipe of a run beside its rates and sizes: which optimizer, how a step is put together, what the loss is.
// Torch-free.
#pragma once

#include "core/option_spec.h"
#include "train/detail/loss_options.h"

namespace lathe::train {

/// The recipe's part of trainOptions().
std::vector<OptionSpec> recipeOptions();

struct RecipeSettings {
    std::string optimizer = "adamw";
    double headRateFactor = 1;      ///< the learning rate of the task's head, in units of the others'
    std::int64_t accumulation = 1;  ///< batches that make up one step
    LossOptions loss;
    Json all = Json::object();  ///< the complete options, for what the optimizer and the schedule read themselves
};

/// \p complete: what completeOptions() gave.
RecipeSettings recipeFrom(const Json& complete);

}  // namespace lathe::train
