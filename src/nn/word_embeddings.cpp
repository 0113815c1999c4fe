// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/word_embeddings.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "nn/adapters/module_index.h"

namespace lathe::nn {
namespace {

/// What the architectures call the layer that looks up words.
constexpr std::array<std::string_view, 4> kNames = {"word_embeddings", "embed_tokens", "wte", "embed_in"};

}  // namespace

std::vector<Embedding*> wordEmbeddings(Network& network) {
    std::vector<Embedding*> found;
    const ModuleIndex index(network);
    for (const auto& layer : index.layers) {
        const std::string_view name = std::string_view(layer.path).substr(layer.path.rfind('.') + 1);
        if (layer.embedding && std::ranges::find(kNames, name) != kNames.end())
            found.push_back(layer.embedding);
    }
    TORCH_CHECK(!found.empty(), "this ", network.config().architecture, " network has no word embedding");
    return found;
}

}  // namespace lathe::nn
