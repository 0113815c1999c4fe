// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What can be trained: models, tasks, methods and their options, as data for forms and the command line. Torch-free.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/option_spec.h"
#include "core/registry.h"

namespace lathe::train {

/// What a task learns from: the members of Example that it reads.
enum class DataKind {
    Label,       ///< text and one label
    Labels,      ///< text and any number of labels
    Score,       ///< text and a number
    Spans,       ///< text and labelled parts of it
    Text,        ///< text alone
    Chat,        ///< question and answer, or a conversation
    TextToText,  ///< text and what it becomes
    Preference,  ///< a question, a better and a worse answer
    PairScore,   ///< two texts with a number
    PairLabel,   ///< two texts with a label
    Match,       ///< two texts that belong together
};

/// What a model learns: an entry of tasks/.
struct TaskInfo {
    std::string id;     ///< "classify", "chat"
    std::string title;  ///< "One label a text"
    std::string help;
    std::string source;  ///< paper
    DataKind data = DataKind::Label;
    std::vector<OptionSpec> options;
    std::vector<std::string> metrics;
};

/// A way to get a model to start from.
struct ModelChoice {
    std::string id;     ///< "ngram", "fresh-encoder", "fresh-decoder", or a model folder's path
    std::string title;  ///< "n-gram classifier", "Fresh encoder (BERT layout)"
    std::string help;
    std::vector<std::string> tasks;    ///< ids of what it can learn; the first is meant where none is named
    DataKind data = DataKind::Label;   ///< of the first task
    std::vector<std::string> methods;  ///< method ids that fit
    std::vector<OptionSpec> options;   ///< shape and pre-training of a fresh one
    Json defaults;                     ///< options that differ from their fallbacks
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
/// Either of them. \returns NotFound, Unsupported, Parse.
Result<ModelChoice> choiceOf(const std::string& model);
std::vector<MethodInfo> methods();
std::vector<TaskInfo> tasks();
/// epochs, batch_size, learning_rate first; the rest advanced: warmup_ratio, weight_decay, max_grad_norm, max_tokens,
/// dropout, precision, eval_every, patience, seed, device, threads ...
std::vector<OptionSpec> trainOptions();
/// Everything that can be set for this model, method and task ("" = the model's first), defaults folded in: what a form
/// shows, in the order shown. A model that can learn several tasks has the option "task".
std::vector<OptionSpec> optionsFor(const ModelChoice& choice, const std::string& method, const std::string& task = {});
/// The task that \p options name, else the model's first. \returns InvalidInput for one that does not fit the model.
Result<std::string> taskOf(const ModelChoice& choice, const Json& options);

}  // namespace lathe::train
