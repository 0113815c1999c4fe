// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What prompt tuning, P-tuning and prefix tuning have in common: virtual tokens and the tensor that holds them.
#pragma once

#include "nn/adapters/adapter_parts.h"

namespace lathe::nn {

struct PromptConfig {
    std::int64_t tokens = 0;      ///< P, in front of every text
    std::int64_t submodules = 1;  ///< 2 = an encoder's rows and then a decoder's
    std::int64_t tokenDim = 0;
    std::int64_t layers = 0, heads = 0;

    std::int64_t rows() const { return tokens * submodules; }
};

/// num_virtual_tokens and what belongs to it. Sizes that a fresh adapter's config leaves open are the network's.
Result<PromptConfig> readPromptConfig(const AdapterBuild& build);
/// The config's keys of all prompt kinds, with their defaults, and \p own.
Json promptDefaults(const Json& own);
/// Writes the sizes that were left open into the config that is saved.
std::function<void(Json&)> describePrompt(const PromptConfig& prompt);
void setIfOpen(Json& config, const char* key, std::int64_t value);

/// The tensor that a prompt's file holds: "prompt_embeddings".
AdapterTensor takePromptEmbeddings(const AdapterBuild& build, const std::vector<std::int64_t>& shape,
                                   const AdapterTensors::Draw& draw);

}  // namespace lathe::nn
