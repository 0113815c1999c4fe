// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/settings.h"

#include <algorithm>

#include "train/detail/task.h"

namespace lathe::train {

Settings settingsFrom(const ModelChoice& choice, const Json& complete) {
    Settings s;
    s.origin = choice.id == "ngram"           ? ModelOrigin::Ngram
               : choice.id == "fresh-encoder" ? ModelOrigin::FreshEncoder
               : choice.id == "fresh-decoder" ? ModelOrigin::FreshDecoder
                                              : ModelOrigin::Folder;
    s.task = complete.value("task", choice.tasks.front());
    const auto whole = [&](const char* key, std::int64_t& value) { value = complete.value(key, std::int64_t{0}); };
    const auto real = [&](const char* key, double& value) { value = complete.value(key, 0.0); };
    const auto text = [&](const char* key, std::string& value) { value = complete.value(key, std::string()); };
    whole("epochs", s.epochs);
    whole("batch_size", s.batchSize);
    whole("batch_tokens", s.batchTokens);
    whole("max_tokens", s.maxTokens);
    whole("eval_every", s.evalEvery);
    whole("patience", s.patience);
    real("learning_rate", s.learningRate);
    real("warmup_ratio", s.warmupRatio);
    real("weight_decay", s.weightDecay);
    real("max_grad_norm", s.maxGradNorm);
    s.recipe = recipeFrom(complete);
    text("precision", s.precision);
    text("best_by", s.bestBy);
    text("device", s.device);
    s.seed = static_cast<std::uint64_t>(complete.value("seed", std::int64_t{0}));
    s.gradientCheckpointing = complete.value("gradient_checkpointing", false);
    whole("vocab_size", s.vocabSize);
    whole("layers", s.layers);
    whole("hidden_size", s.hiddenSize);
    whole("heads", s.heads);
    whole("kv_heads", s.kvHeads);
    whole("pretrain_epochs", s.pretrainEpochs);
    whole("pretrain_batch_tokens", s.pretrainBatchTokens);
    real("dropout", s.dropout);
    real("pretrain_learning_rate", s.pretrainLearningRate);
    real("mask_share", s.maskShare);
    real("token_dropout", s.tokenDropout);
    const auto registry = makeTaskRegistry();
    if (const TaskEntry* entry = registry.find(s.task); entry && s.bestBy == "auto")
        s.bestBy = entry->bestBy;
    return s;
}

Result<ModelChoice> choiceOf(const std::string& model) {
    const auto models = builtInModels();
    const auto found = std::ranges::find(models, model, &ModelChoice::id);
    return found != models.end() ? Result<ModelChoice>(*found) : modelChoiceFor(model);
}

}  // namespace lathe::train
