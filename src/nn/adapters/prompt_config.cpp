// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// \source peft/config.py (PromptLearningConfig), peft/peft_model.py (get_prompt)
#include "nn/adapters/prompt_config.h"

#include <fmt/format.h>

#include "nn/config_reader.h"

namespace lathe::nn {

Result<PromptConfig> readPromptConfig(const AdapterBuild& build) {
    ConfigReader reader(build.config, {}, "adapter_config.json");
    const NetworkConfig& network = build.network.config();
    PromptConfig prompt;
    prompt.tokens = reader.size("num_virtual_tokens", 1 << 20);
    prompt.submodules = reader.size("num_transformer_submodules", network.head == Head::Seq2SeqLm ? 2 : 1, 2);
    prompt.tokenDim = reader.size("token_dim", network.hiddenSize, 1 << 20);
    prompt.layers = reader.size("num_layers", network.layers, 1 << 16);
    prompt.heads = reader.size("num_attention_heads", network.heads, 1 << 16);
    if (network.maxPositions > 0 && prompt.tokens >= network.maxPositions)
        reader.refuse(ErrorCode::InvalidInput, fmt::format("num_virtual_tokens is {}, the model reads {} tokens in all",
                                                           prompt.tokens, network.maxPositions));
    LATHE_CHECK(reader.problem());
    return prompt;
}

Json promptDefaults(const Json& own) {
    Json all = {{"num_attention_heads", nullptr},
                {"num_layers", nullptr},
                {"num_transformer_submodules", nullptr},
                {"num_virtual_tokens", nullptr},
                {"token_dim", nullptr}};
    all.update(own);
    return all;
}

std::function<void(Json&)> describePrompt(const PromptConfig& prompt) {
    return [prompt](Json& config) {
        setIfOpen(config, "num_attention_heads", prompt.heads);
        setIfOpen(config, "num_layers", prompt.layers);
        setIfOpen(config, "num_transformer_submodules", prompt.submodules);
        setIfOpen(config, "token_dim", prompt.tokenDim);
    };
}

void setIfOpen(Json& config, const char* key, std::int64_t value) {
    if (!config.contains(key) || config[key].is_null())
        config[key] = value;
}

AdapterTensor takePromptEmbeddings(const AdapterBuild& build, const std::vector<std::int64_t>& shape,
                                   const AdapterTensors::Draw& draw) {
    return build.tensors.take("prompt_embeddings", "prompt_encoder.default.embedding.weight", shape, draw);
}

}  // namespace lathe::nn
