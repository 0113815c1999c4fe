// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Prefix tuning: learned keys and values in every layer, as if they had been read before the text.
// L layers, G key heads, D head dimension. \source Li and Liang arXiv:2101.00190; peft/tuners/prefix_tuning
#include <fmt/format.h>

#include "nn/adapters/prompt_config.h"
#include "nn/adapters/prompt_encoder.h"
#include "nn/blocks/kv_cache.h"
#include "nn/config_reader.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

/// How the network's keys are cut, as its cache has them; nothing when it has none of that kind.
struct KeyShape {
    std::int64_t groups = 0, dimension = 0;
};

KeyShape keyShapeOf(Network& network) {
    const Head head = network.config().head;
    if (head != Head::CausalLm)
        return {};
    const auto cache = network.makeCache(1, 1);
    auto* grouped = dynamic_cast<GroupedCache*>(cache.get());
    return grouped ? KeyShape{grouped->keys(0).size(1), grouped->keys(0).size(3)} : KeyShape{};
}

Result<PromptConfig> readShape(const AdapterBuild& build) {
    LATHE_TRY(PromptConfig prompt, readPromptConfig(build));
    const KeyShape keys = keyShapeOf(build.network);
    if (build.tensors.isFresh() && keys.groups > 0) {
        prompt.heads = keys.groups;
        prompt.tokenDim = keys.groups * keys.dimension;
    }
    const std::int64_t layers = build.network.config().layers;
    const bool fits =
        prompt.layers == layers && prompt.tokenDim % prompt.heads == 0 &&
        (keys.groups == 0 || (keys.groups == prompt.heads && keys.dimension == prompt.tokenDim / prompt.heads));
    if (fits)
        return prompt;
    return fail(
        ErrorCode::InvalidInput,
        fmt::format("adapter_config.json: the prefix is for {} layers with {} key heads of {} numbers, the model "
                    "has {} layers with {} of {}; choose the model that it was made for",
                    prompt.layers, prompt.heads, prompt.tokenDim / prompt.heads, layers, keys.groups, keys.dimension));
}

/// [P, 2 L G D] -> per layer keys and values [G, P, D]. An encoder-decoder's layers take four in turn out of the 2 L,
/// the first two of which are their own attention's; so does the reference.
VirtualTokens cut(const Tensor& rows, const PromptConfig& prompt) {
    const std::int64_t dimension = prompt.tokenDim / prompt.heads;
    const Tensor all = rows.view({rows.size(0), 2 * prompt.layers, prompt.heads, dimension}).permute({1, 2, 0, 3});
    VirtualTokens tokens;
    for (std::int64_t layer = 0; layer < prompt.layers; ++layer) {
        const std::int64_t at = 2 * layer * prompt.submodules % (2 * prompt.layers);
        tokens.past.emplace_back(all[at], all[at + 1]);  // 2 x [G, P, D]
    }
    return tokens;
}

Tensor hyperbolicTangent(const Tensor& x) {
    return at::tanh(x);
}

/// With prefix_projection: an embedding of token_dim through two dense layers.
PromptEncoder addProjection(const AdapterBuild& build, const PromptConfig& prompt, std::int64_t hidden,
                            AdapterParts& parts) {
    const std::string stem = "prompt_encoder.default.";
    const Tensor embedding =
        addHidden(build, parts, stem + "embedding.weight", {prompt.tokens, prompt.tokenDim}, normalDraw(1));
    const auto dense = addDenseStack(build, parts, stem + "transform",
                                     {prompt.tokenDim, hidden, 2 * prompt.layers * prompt.tokenDim}, hyperbolicTangent);
    return [=] { return dense(embedding); };
}

Result<AdapterParts> buildPrefixTuning(const AdapterBuild& build) {
    LATHE_TRY(const PromptConfig prompt, readShape(build));
    ConfigReader reader(build.config, {}, "adapter_config.json");
    const bool projects = reader.flag("prefix_projection", false);
    const std::int64_t hidden = reader.size("encoder_hidden_size", prompt.tokenDim, 1 << 20);
    LATHE_CHECK(reader.problem());
    AdapterParts parts;
    PromptEncoder rows;
    const bool encodes = build.tensors.isFresh() && projects;
    if (encodes) {
        rows = addProjection(build, prompt, hidden, parts);
    } else {
        const Tensor own =
            parts.add(takePromptEmbeddings(build, {prompt.tokens, 2 * prompt.layers * prompt.tokenDim}, normalDraw(1)));
        rows = [own] { return own; };
    }
    const std::size_t own = parts.tensors.size();
    parts.virtualTokens = [rows, prompt] { return cut(rows(), prompt); };
    parts.describe = [sizes = describePrompt(prompt), hidden](Json& config) {
        sizes(config);
        setIfOpen(config, "encoder_hidden_size", hidden);
    };
    LATHE_CHECK(addOverrides(build, "base_model.", parts));
    if (encodes)
        saveEncoded(parts, rows, own);
    return parts;
}

}  // namespace

AdapterEntry prefixTuningAdapter() {
    AdapterEntry entry;
    entry.id = "PREFIX_TUNING";
    entry.title = "Prefix tuning";
    entry.source = "arXiv:2101.00190";
    entry.defaults = promptDefaults({{"encoder_hidden_size", nullptr}, {"prefix_projection", false}});
    entry.build = buildPrefixTuning;
    return entry;
}

}  // namespace lathe::nn
