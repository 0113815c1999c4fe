// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/recipe_options.h"

#include <algorithm>
#include <iterator>

#include "nn/optimizers/optimizer.h"

namespace lathe::train {
namespace {

template <class R>
std::vector<std::string> idsOf(const R& registry) {
    std::vector<std::string> ids;
    for (const auto& entry : registry.entries())
        ids.push_back(entry.id);
    return ids;
}

}  // namespace

std::vector<OptionSpec> recipeOptions() {
    const nn::OptimizerRegistry optimizers = nn::makeOptimizerRegistry();
    std::vector<OptionSpec> specs{
        advanced(intOption("accumulation", "Accumulation", 1, 1, 4096, "batches",
                           "Batches whose gradients make up one step: a step as of a larger batch, in the memory of a "
                           "small one.")),
        advanced(choiceOption("optimizer", "Optimizer", "adamw", idsOf(optimizers),
                              "How gradients become steps: adamw as a rule, adafactor or lion to save memory, sgd for "
                              "plain steps.")),
        advanced(realOption("head_rate_factor", "Head's rate", 1, 0, 1000, "times the learning rate",
                            "How much faster than the rest the layer on top of the model learns.")),
    };
    for (const auto& entry : optimizers.entries())
        std::ranges::copy(entry.options, std::back_inserter(specs));
    return specs;
}

RecipeSettings recipeFrom(const Json& complete) {
    RecipeSettings recipe;
    recipe.optimizer = complete.value("optimizer", recipe.optimizer);
    recipe.headRateFactor = complete.value("head_rate_factor", recipe.headRateFactor);
    recipe.accumulation = complete.value("accumulation", recipe.accumulation);
    recipe.loss.labelSmoothing = complete.value("label_smoothing", 0.0);
    recipe.all = complete;
    return recipe;
}

}  // namespace lathe::train
