// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/fresh_model.h"

#include <fmt/format.h>
#include <torch/utils.h>

#include <algorithm>

#include "core/files.h"
#include "core/random.h"
#include "nn/head_config.h"
#include "train/detail/chat_encoding.h"
#include "train/detail/compute.h"

namespace lathe::train {
namespace {

/// Seeds of what is drawn outside the steps.
constexpr std::uint64_t kWeightsSeed = 0x77656967ull;
constexpr std::uint64_t kHeadSeed = 0x68656164ull;
/// A rotary model has no weights per position: it may read conversations longer than those it was tuned on.
constexpr std::int64_t kDecoderPositions = 2048;

bool isEncoder(const Settings& settings) {
    return settings.origin == ModelOrigin::FreshEncoder;
}

}  // namespace

std::vector<std::string> domainTexts(const Dataset& data) {
    std::vector<std::string> texts;
    texts.reserve(data.train.size() + data.unlabelled.size());
    for (const auto& example : data.train) {
        texts.push_back(example.text);
        for (const std::string* more : {&example.answer, &example.second, &example.chosen, &example.rejected})
            if (!more->empty())
                texts.push_back(*more);
        for (const auto& message : example.messages)
            texts.push_back(message.text);
    }
    texts.insert(texts.end(), data.unlabelled.begin(), data.unlabelled.end());
    return texts;
}

Result<std::shared_ptr<const text::Tokenizer>> trainTokenizer(const Settings& settings, const Dataset& data,
                                                              const std::filesystem::path& folder,
                                                              JobContext& context) {
    LATHE_CHECK(makeFolder(folder));
    text::SentencePieceTraining options;
    options.vocabSize = static_cast<std::int32_t>(settings.vocabSize);
    options.controlTokens =
        isEncoder(settings) ? std::vector<std::string>{"[CLS]", "[SEP]", "[MASK]"} : chatControlTokens();
    LATHE_CHECK(text::trainSentencePiece(domainTexts(data), options, folder, context));
    if (!isEncoder(settings)) {
        // Other programs learn the chat format from here.
        LATHE_TRY(Json config, readJsonFile(folder / "tokenizer_config.json"));
        config["chat_template"] = infer::freshChatTemplate();
        LATHE_CHECK(writeJsonFile(folder / "tokenizer_config.json", config));
    }
    return text::loadTokenizer(folder);
}

Result<nn::NetworkConfig> freshConfigOf(const Settings& settings, nn::Head head, nn::Problem problem,
                                        const std::vector<std::string>& labels, const FreshVocabulary& vocabulary) {
    const bool encoder = isEncoder(settings);
    nn::FreshShape shape;
    shape.vocabSize = vocabulary.vocabSize;
    shape.layers = settings.layers;
    shape.hiddenSize = settings.hiddenSize;
    shape.heads = settings.heads;
    shape.kvHeads = encoder ? 0 : settings.kvHeads;
    shape.maxPositions =
        encoder ? settings.maxTokens + vocabulary.virtualTokens : std::max(kDecoderPositions, settings.maxTokens);
    shape.dropout = settings.dropout;
    shape.padId = std::max(0, vocabulary.pad);
    shape.bosId = vocabulary.bos;
    shape.eosId = vocabulary.eos;
    const std::string architecture = encoder ? "bert" : "llama";
    const auto registry = nn::makeArchitectureRegistry();
    const auto* entry = registry.find(architecture);
    if (!entry)
        return fail(ErrorCode::Unsupported, fmt::format("this build has no {} models", architecture));
    Json raw = nn::freshConfig(architecture, head, shape, labels);
    if (head == nn::Head::SequenceClassification && problem != nn::Problem::SingleLabel)
        raw["problem_type"] = problem == nn::Problem::MultiLabel ? "multi_label_classification" : "regression";
    return entry->parse(raw);
}

Result<std::shared_ptr<nn::Network>> makeFreshNetwork(const Settings& settings, const text::Tokenizer& tokenizer,
                                                      nn::Head head, nn::Problem problem,
                                                      const std::vector<std::string>& labels,
                                                      std::int64_t virtualTokens) {
    const auto special = tokenizer.special();
    LATHE_TRY(const nn::NetworkConfig config, freshConfigOf(settings, head, problem, labels,
                                                            {.vocabSize = tokenizer.vocabSize(),
                                                             .pad = special.pad,
                                                             .bos = special.bos,
                                                             .eos = special.eos,
                                                             .virtualTokens = virtualTokens}));
    seedGenerators(mixSeed(settings.seed, kWeightsSeed));
    return nn::makeArchitectureRegistry().find(config.architecture)->make(config);
}

Result<nn::NetworkConfig> configForTraining(const std::filesystem::path& folder, const TaskEntry& task,
                                            const std::vector<std::string>& labels) {
    LATHE_TRY(const nn::NetworkConfig found, nn::readNetworkConfig(folder));
    if (found.head == task.head && labels.empty())
        return found;
    const auto registry = nn::makeArchitectureRegistry();
    const nn::ArchitectureEntry* entry = registry.find(found.architecture);
    LATHE_TRY(const Json raw, nn::configWithHead(found.raw, *entry, task.head, labels, task.problem));
    return entry->parse(raw);
}

Result<std::shared_ptr<nn::Network>> loadForTraining(const std::filesystem::path& folder, const Settings& settings,
                                                     const TaskEntry& task, const std::vector<std::string>& labels,
                                                     nn::LoadNetworkOptions options) {
    seedGenerators(mixSeed(settings.seed, kHeadSeed));
    LATHE_TRY(const nn::NetworkConfig config, nn::readNetworkConfig(folder));
    if (config.head != task.head || !labels.empty())
        options.head = task.head;
    options.labels = labels;
    options.problem = task.problem;
    return nn::loadNetwork(folder, options);
}

}  // namespace lathe::train
