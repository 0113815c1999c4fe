// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The catalog's content: which models, with which options and defaults.
#include "train/catalog.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "infer/text_model.h"
#include "train/detail/guard_options.h"
#include "train/detail/method.h"
#include "train/detail/metric.h"
#include "train/detail/recipe_options.h"
#include "train/detail/task.h"

namespace lathe::train {
namespace {

/// Tasks that a model which can have these heads can learn, in the registry's order.
std::vector<std::string> tasksUnder(const std::vector<nn::Head>& heads) {
    std::vector<std::string> ids;
    const TaskRegistry registry = makeTaskRegistry();
    for (const auto& entry : registry.entries())
        if (std::ranges::find(heads, entry.head) != heads.end())
            ids.push_back(entry.id);
    return ids;
}

/// What the folder's model does already comes first: its own head, and what the classes of a sequence head mean.
std::vector<std::string> tasksOf(const nn::NetworkConfig& config) {
    const auto architectures = nn::makeArchitectureRegistry();
    std::vector<nn::Head> heads;
    if (const auto* entry = architectures.find(config.architecture))
        for (const std::string& name : entry->classes)
            if (const auto head = nn::headOfClass(name))
                heads.push_back(*head);
    std::vector<std::string> ids = tasksUnder(heads);
    const TaskRegistry registry = makeTaskRegistry();
    const auto own = [&](const std::string& id) {
        const TaskEntry& entry = *registry.find(id);
        return entry.head == config.head && entry.problem == config.problem;
    };
    if (config.head != nn::Head::MaskedLm)  // a bare encoder is there to learn labels
        std::ranges::stable_partition(ids, own);
    return ids;
}

std::vector<OptionSpec> shapeOptions() {
    return {
        advanced(intOption(
            "vocab_size", "Vocabulary", 8000, 300, 250000, "tokens",
            "Size of the tokenizer's vocabulary, trained on your texts; lowered by itself for a small corpus.")),
        advanced(intOption("layers", "Layers", 4, 1, 48, "layers", "How deep the model is.")),
        advanced(intOption("hidden_size", "Width", 256, 16, 4096, "channels",
                           "How many numbers stand for a token; a multiple of the heads.")),
        advanced(intOption("heads", "Attention heads", 4, 1, 64, "heads", "Into how many heads attention is divided.")),
    };
}

std::vector<OptionSpec> pretrainOptions(std::int64_t epochs, double learningRate) {
    return {
        intOption("pretrain_epochs", "Pre-training epochs", epochs, 0, 10000, "passes",
                  "Passes over all texts, without their labels, by which the fresh model learns the language first; 0 "
                  "= none."),
        advanced(realOption("pretrain_learning_rate", "Pre-training learning rate", learningRate, 1e-7, 1, "per step",
                            "Highest learning rate of pre-training.")),
        advanced(intOption("pretrain_batch_tokens", "Pre-training batch", 2048, 64, 1 << 20, "tokens",
                           "Tokens, padding included, that one pre-training step reads.")),
    };
}

ModelChoice ngramChoice() {
    return {
        .id = "ngram",
        .title = "n-gram classifier",
        .help = "A linear classifier over word and character n-grams: trained in seconds, the baseline to beat.",
        .tasks = {"classify"},
        .data = DataKind::Label,
        .methods = {"full"},
        .options = {advanced(intOption("word_ngrams", "Word n-grams", 2, 0, 5, "words",
                                       "Longest run of words that counts as one feature.")),
                    advanced(intOption("char_min", "Shortest character n-gram", 2, 1, 10, "characters",
                                       "Shortest run of characters that counts as a feature.")),
                    advanced(
                        intOption("char_max", "Longest character n-gram", 5, 0, 10, "characters",
                                  "Longest run of characters that counts as a feature; below the shortest = none.")),
                    advanced(intOption("hash_bits", "Hash bits", 22, 10, 26, "bits",
                                       "Features are hashed into 2 to this power of buckets.")),
                    advanced(realOption("l2", "L2", 3e-6, 0, 1, "-", "Strength of the pull of all weights to zero."))},
        .defaults = {{"epochs", 20}, {"learning_rate", 0.5}},
        .reads = {"epochs", "learning_rate", "dev_share", "seed"}};
}

/// What the layout takes, whatever its sizes.
std::vector<std::string> methodsForFresh(const char* architecture, nn::Head head) {
    const auto registry = nn::makeArchitectureRegistry();
    const auto config = registry.find(architecture)->parse(nn::freshConfig(architecture, head, {}, {"a", "b"}));
    return config ? methodsFor(*config) : std::vector<std::string>{"full"};
}

ModelChoice freshEncoderChoice() {
    auto options = pretrainOptions(12, 1e-3);
    std::ranges::copy(shapeOptions(), std::back_inserter(options));
    options.push_back(advanced(realOption("mask_share", "Masked share", 0.25, 0.01, 0.9, "share",
                                          "Share of tokens that pre-training hides and asks for.")));
    options.push_back(
        advanced(realOption("token_dropout", "Hidden words", 0.1, 0, 0.9, "share",
                            "Share of tokens that are hidden while the labels are learnt, so that no single "
                            "word decides.")));
    return {.id = "fresh-encoder",
            .title = "Fresh encoder (BERT layout)",
            .help =
                "A small encoder with a tokenizer of its own, taught the language of your texts first (masked tokens), "
                "then the labels.",
            .tasks = tasksUnder({nn::Head::SequenceClassification, nn::Head::TokenClassification, nn::Head::MaskedLm}),
            .data = DataKind::Label,
            .methods = methodsForFresh("bert", nn::Head::SequenceClassification),
            .options = std::move(options),
            .defaults = {{"epochs", 12}, {"batch_size", 32}, {"learning_rate", 5e-4}},
            .reads = {}};
}

ModelChoice freshDecoderChoice() {
    auto options = pretrainOptions(10, 1e-3);
    std::ranges::copy(shapeOptions(), std::back_inserter(options));
    options.push_back(advanced(intOption("kv_heads", "Key/value heads", 2, 1, 64, "heads",
                                         "Heads of keys and values, shared by the attention heads; divides them.")));
    return {.id = "fresh-decoder",
            .title = "Fresh decoder (Llama layout)",
            .help =
                "A small generating model with a tokenizer of its own: next tokens on all your texts first, then the "
                "answers to the questions.",
            .tasks = tasksUnder({nn::Head::CausalLm}),
            .data = DataKind::Chat,
            .methods = methodsForFresh("llama", nn::Head::CausalLm),
            .options = std::move(options),
            // A model this small answers well only what it has learnt by heart: the loss on other questions rises long
            // before its wording is right, so the kept model is the one whose next tokens are right most often.
            .defaults = {{"epochs", 40},
                         {"batch_size", 16},
                         {"learning_rate", 5e-4},
                         {"max_tokens", 256},
                         {"best_by", "token_accuracy"}},
            .reads = {}};
}

/// The method's learning rate where training all weights takes \p full, to three digits.
double rateOf(const MethodEntry& method, double full) {
    if (method.rate > 0 || method.rateFactor == 1)
        return method.rate > 0 ? method.rate : full;
    const std::string text = fmt::format("{:.3g}", full * method.rateFactor);
    double rate = full;
    std::from_chars(text.data(), text.data() + text.size(), rate);
    return rate;
}

std::vector<std::string> metricIds() {
    std::vector<std::string> ids{"auto"};
    const MetricRegistry registry = makeMetricRegistry();
    for (const auto& entry : registry.entries())
        ids.push_back(entry.id);
    return ids;
}

}  // namespace

std::vector<ModelChoice> builtInModels() {
    return {ngramChoice(), freshEncoderChoice(), freshDecoderChoice()};
}

Result<ModelChoice> modelChoiceFor(const std::filesystem::path& folder) {
    LATHE_TRY(const infer::ModelInfo info, infer::inspectModel(folder));
    if (!info.problem.empty())
        return fail(ErrorCode::Unsupported, fmt::format("{} cannot be trained on: {}", folder.string(), info.problem));
    if (!info.base.empty())
        return fail(ErrorCode::Unsupported,
                    fmt::format("{} is an adapter; train its model {} with adapter_from set to this folder, or merge "
                                "the two into one model first",
                                folder.string(), info.base.string()));
    if (info.architecture == "ngram")
        return fail(ErrorCode::Unsupported, fmt::format("{} is an n-gram classifier, which is trained anew each time; "
                                                        "choose the model ngram",
                                                        folder.string()));
    LATHE_TRY(const nn::NetworkConfig config, nn::readNetworkConfig(folder));
    const bool classifier = info.kind == infer::ModelKind::Classifier;
    Json defaults{{"epochs", 4}, {"batch_size", classifier ? 32 : 8}, {"learning_rate", 2e-5}};
    if (!classifier) {
        defaults["max_tokens"] = 512;
        defaults["dropout"] = 0.0;
    }
    ModelChoice choice{
        .id = folder.string(),
        .title = info.name,
        .help = fmt::format("A {} model that is there already, tuned further on your data.", info.architecture),
        .tasks = tasksOf(config),
        .methods = methodsFor(config),
        .options = {},
        .defaults = std::move(defaults),
        .reads = {}};
    if (choice.tasks.empty())
        return fail(ErrorCode::Unsupported, fmt::format("{}: there is nothing yet that a {} model can learn here",
                                                        folder.string(), info.architecture));
    choice.data = makeTaskRegistry().find(choice.tasks.front())->data;
    return choice;
}

std::vector<MethodInfo> methods() {
    std::vector<MethodInfo> infos;
    const MethodRegistry registry = makeMethodRegistry();
    for (const auto& entry : registry.entries())
        infos.push_back({entry.id, entry.title, entry.help, entry.source, entry.options});
    return infos;
}

std::vector<TaskInfo> tasks() {
    std::vector<TaskInfo> infos;
    const TaskRegistry registry = makeTaskRegistry();
    for (const auto& entry : registry.entries())
        infos.push_back({entry.id, entry.title, entry.help, entry.source, entry.data, entry.options, entry.metrics});
    return infos;
}

std::vector<OptionSpec> trainOptions() {
    std::vector<OptionSpec> specs{
        intOption("epochs", "Epochs", 10, 1, 10000, "passes", "How often the training texts are gone through."),
        intOption("batch_size", "Batch size", 32, 1, 4096, "texts", "Texts that one step learns from."),
        realOption("learning_rate", "Learning rate", 5e-4, 1e-8, 10, "per step",
                   "Highest step size; too high and the loss jumps, too low and it creeps."),
        advanced(realOption("warmup_ratio", "Warm-up", 0.06, 0, 0.9, "share",
                            "Share of all steps over which the learning rate rises from zero.")),
        advanced(
            choiceOption("decay", "Decay", "linear", scheduleIds(), "How the learning rate falls after the warm-up.")),
        advanced(realOption("weight_decay", "Weight decay", 0.01, 0, 1, "per step",
                            "Pull of the weights to zero, scaled by the learning rate.")),
        advanced(realOption("max_grad_norm", "Gradient clip", 1.0, 0, 1e6, "norm",
                            "Longest gradient that a step may follow; 0 = no limit.")),
        advanced(realOption("label_smoothing", "Label smoothing", 0.0, 0, 0.5, "share",
                            "Share of certainty that is spread over all labels, against overconfidence.")),
        advanced(realOption("dropout", "Dropout", 0.1, 0, 0.9, "share",
                            "Share of activations that are left out at random while training, against overfitting.")),
        advanced(intOption("max_tokens", "Longest text", 128, 8, 8192, "tokens",
                           "Longer texts are cut; the run says how many.")),
        advanced(intOption("batch_tokens", "Batch limit", 0, 0, 1 << 20, "tokens",
                           "Padded tokens that a batch may hold, against running out of memory; 0 = no limit.")),
        advanced(choiceOption("precision", "Precision", "auto", {"auto", "float32", "bf16", "fp16"},
                              "bf16 multiplies faster where the processor can, fp16 on older graphics cards; auto "
                              "chooses.")),
        advanced(boolOption("gradient_checkpointing", "Compute layers twice", false,
                            "Keeps less in memory while learning and computes it again, a third slower: for large "
                            "models and long texts.")),
        advanced(intOption("eval_every", "Evaluate every", 0, 0, 1000000, "steps",
                           "Steps between evaluations on the dev set; 0 = ten times in the run.")),
        advanced(intOption("patience", "Patience", 0, 0, 1000, "evaluations",
                           "Evaluations without gain after which training ends early; 0 = never.")),
        advanced(choiceOption("best_by", "Best by", "auto", metricIds(),
                              "Which dev metric chooses the model to keep; auto = the one that fits what is learnt.")),
        advanced(realOption("dev_share", "Dev share", 0.1, 0, 0.5, "share",
                            "Share of the labelled texts that is held out for the dev set.")),
        advanced(intOption("seed", "Seed", 42, 0, std::int64_t{1} << 53, "-",
                           "Same seed, same data, one thread: the same run, bit by bit.")),
        advanced(textOption("device", "Device", "auto", "auto, cpu, cuda or cuda:1.")),
    };
    std::ranges::copy(recipeOptions(), std::back_inserter(specs));
    std::ranges::copy(guardOptions(), std::back_inserter(specs));
    return specs;
}

Result<std::string> taskOf(const ModelChoice& choice, const Json& options) {
    const auto given = options.is_object() ? options.find("task") : options.end();
    if (!options.is_object() || given == options.end())
        return choice.tasks.front();
    const std::string id = given->is_string() ? given->get<std::string>() : toLine(*given);
    if (std::ranges::find(choice.tasks, id) == choice.tasks.end())
        return fail(ErrorCode::InvalidInput, fmt::format("task {} does not fit {}; it takes {}", id, choice.title,
                                                         fmt::join(choice.tasks, ", ")));
    return id;
}

std::vector<OptionSpec> optionsFor(const ModelChoice& choice, const std::string& method, const std::string& task) {
    const auto taskRegistry = makeTaskRegistry();
    const TaskEntry* learnt = taskRegistry.find(task.empty() ? choice.tasks.front() : task);
    std::vector<OptionSpec> specs;
    const auto add = [&](std::vector<OptionSpec> more) {
        for (auto& spec : more) {
            if (std::ranges::find(specs, spec.key, &OptionSpec::key) != specs.end())
                continue;  // a fresh model hides words while it is pre-trained, whatever its task
            for (const Json* defaults : {&choice.defaults, learnt ? &learnt->defaults : nullptr})
                if (const auto given = defaults ? defaults->find(spec.key) : choice.defaults.end();
                    defaults && given != defaults->end())
                    spec.fallback = *given;
            if (spec.key == "best_by" && learnt) {
                spec.choices = {"auto"};
                std::ranges::copy(learnt->metrics, std::back_inserter(spec.choices));
                if (std::ranges::find(spec.choices, spec.fallback.get<std::string>()) == spec.choices.end())
                    spec.fallback = "auto";  // the model's choice does not measure this task
            }
            specs.push_back(std::move(spec));
        }
    };
    if (choice.tasks.size() > 1 && learnt)
        specs.push_back(
            choiceOption("task", "Task", learnt->id, choice.tasks, "What the model learns from your data."));
    auto common = trainOptions();
    if (!choice.reads.empty())
        std::erase_if(common, [&](const OptionSpec& spec) {
            return std::ranges::find(choice.reads, spec.key) == choice.reads.end();
        });
    add(std::move(common));
    const auto registry = makeMethodRegistry();
    const MethodEntry* entry = registry.find(method);
    if (entry)
        for (OptionSpec& spec : specs)
            if (spec.key == "learning_rate")
                spec.fallback = rateOf(*entry, spec.fallback.get<double>());
    if (learnt)
        add(learnt->options);
    if (entry)
        add(entry->options);
    add(choice.options);
    return specs;
}

}  // namespace lathe::train
