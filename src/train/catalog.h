// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What can be trained: models, methods and their options, as data for forms and the command line. Torch-free.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/option_spec.h"
#include "core/registry.h"

namespace lathe::train {

enum class Task { Classify, Generate };

/// A way to get a model to start from.
struct ModelChoice {
    std::string id;     ///< "ngram", "fresh-encoder", "fresh-decoder", or a model folder's path
    std::string title;  ///< "n-gram classifier", "Fresh encoder (BERT layout)"
    std::string help;
    Task task = Task::Classify;
    std::vector<std::string> methods;  ///< method ids that fit
    std::vector<OptionSpec> options;   ///< shape and pre-training of a fresh one
    Json defaults;                     ///< training options that differ from trainOptions()'s fallbacks
    /// The keys of trainOptions() that this model reads; empty = all. The others are accepted and do nothing.
    std::vector<std::string> reads;
};

struct MethodInfo {
    std::string id;     ///< "full", "head"
    std::string title;  ///< "All weights"
    std::string help;
    std::string source;  ///< paper
    std::vector<OptionSpec> options;
};

/// The built-in choices; a project's or the user's folders are added by modelChoiceFor().
std::vector<ModelChoice> builtInModels();
/// A choice for a model folder (fine-tuning what is there). \returns NotFound, Unsupported, Parse.
Result<ModelChoice> modelChoiceFor(const std::filesystem::path& folder);
std::vector<MethodInfo> methods();
/// epochs, batch_size, learning_rate first; the rest advanced: warmup_ratio, weight_decay, max_grad_norm, max_tokens,
/// dropout, precision, eval_every, patience, seed, device, threads ...
std::vector<OptionSpec> trainOptions();
/// Everything that can be set for this model and method, its defaults folded in: what a form shows, in the order shown.
std::vector<OptionSpec> optionsFor(const ModelChoice& choice, const std::string& method);

}  // namespace lathe::train
