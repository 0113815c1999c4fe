// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Prompt tuning: learned embeddings in front of the words. \source Lester et al. arXiv:2104.08691
#include <fmt/format.h>

#include "nn/adapters/prompt_config.h"
#include "nn/config_reader.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

/// The word embedding that a prompt starts from when it samples the vocabulary.
Result<const Embedding*> wordEmbedding(const AdapterBuild& build, std::int64_t channels) {
    for (const AdaptableLayer& layer : build.index.layers)
        if (layer.embedding && layer.embedding->weight.size(0) == build.network.config().vocabSize &&
            layer.embedding->weight.size(1) == channels)
            return layer.embedding;
    return fail(ErrorCode::Unsupported,
                "adapter_config.json: prompt_tuning_init \"SAMPLE_VOCAB\" finds no word embedding "
                "of that width; use \"RANDOM\"");
}

Result<AdapterTensors::Draw> drawOf(const AdapterBuild& build, const PromptConfig& prompt) {
    ConfigReader reader(build.config, {}, "adapter_config.json");
    const std::string init = reader.text("prompt_tuning_init", "RANDOM");
    LATHE_CHECK(reader.problem());
    if (!build.tensors.isFresh() || init == "RANDOM")
        return normalDraw(1);
    if (init != "SAMPLE_VOCAB")
        return fail(ErrorCode::Unsupported,
                    fmt::format("adapter_config.json: prompt_tuning_init \"{}\" for a fresh adapter (RANDOM or "
                                "SAMPLE_VOCAB can be had)",
                                init.substr(0, 60)));
    LATHE_TRY(const Embedding* words, wordEmbedding(build, prompt.tokenDim));
    return AdapterTensors::Draw([words](Tensor& value, torch::Generator& generator) {
        const Tensor rows = torch::empty({value.size(0)}, torch::kInt64).random_(0, words->weight.size(0), generator);
        value.copy_(words->weight.detach().index_select(0, rows.to(words->weight.device())));
    });
}

Result<AdapterParts> buildPromptTuning(const AdapterBuild& build) {
    LATHE_TRY(const PromptConfig prompt, readPromptConfig(build));
    LATHE_TRY(const auto draw, drawOf(build, prompt));
    AdapterParts parts;
    const Tensor rows = parts.add(takePromptEmbeddings(build, {prompt.rows(), prompt.tokenDim}, draw));
    parts.virtualTokens = [rows, tokens = prompt.tokens] { return VirtualTokens{rows.narrow(0, 0, tokens), {}}; };
    parts.describe = describePrompt(prompt);
    LATHE_CHECK(addOverrides(build, "base_model.", parts));
    return parts;
}

}  // namespace

AdapterEntry promptTuningAdapter() {
    AdapterEntry entry;
    entry.id = "PROMPT_TUNING";
    entry.title = "Prompt tuning";
    entry.source = "arXiv:2104.08691";
    entry.defaults = promptDefaults({{"prompt_tuning_init", "RANDOM"},
                                     {"prompt_tuning_init_text", nullptr},
                                     {"tokenizer_kwargs", nullptr},
                                     {"tokenizer_name_or_path", nullptr}});
    entry.build = buildPromptTuning;
    return entry;
}

}  // namespace lathe::nn
