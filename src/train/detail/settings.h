// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Settings: a run's complete options as numbers, after they were checked. Torch-free.
#pragma once

#include "train/detail/recipe_options.h"
#include "train/trainer.h"

namespace lathe::train {

enum class ModelOrigin { Ngram, FreshEncoder, FreshDecoder, Folder };

struct Settings {
    ModelOrigin origin = ModelOrigin::Ngram;
    std::string task;  ///< id of its entry
    // trainOptions()
    std::int64_t epochs = 0, batchSize = 0, batchTokens = 0, maxTokens = 0, evalEvery = 0, patience = 0;
    double learningRate = 0, warmupRatio = 0, weightDecay = 0, maxGradNorm = 0;
    std::string precision, bestBy, device;
    std::uint64_t seed = 0;
    RecipeSettings recipe;
    bool gradientCheckpointing = false;
    // fresh models
    std::int64_t vocabSize = 0, layers = 0, hiddenSize = 0, heads = 0, kvHeads = 0;
    std::int64_t pretrainEpochs = 0, pretrainBatchTokens = 0;
    double dropout = 0, pretrainLearningRate = 0, maskShare = 0, tokenDropout = 0;
};

/// \p complete is what completeOptions() gave for the choice.
Settings settingsFrom(const ModelChoice& choice, const Json& complete);
/// Every option of the request, its own and the defaults. \returns InvalidInput: a method that does not fit, an option.
Result<Json> completeRequest(const ModelChoice& choice, const TrainRequest& request);

}  // namespace lathe::train
