// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LoRA with its variants: rank-stabilised scaling, DoRA, patterns of ranks, embeddings.
// \source Hu et al. arXiv:2106.09685; Kalajdzievski (rsLoRA) arXiv:2312.03732; peft/tuners/lora
#include <fmt/format.h>

#include <cmath>

#include "nn/adapters/lora_layer.h"
#include "nn/adapters/module_targets.h"
#include "nn/config_reader.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

constexpr std::int64_t kMostRank = 1 << 16;

struct LoraOptions {
    std::int64_t rank = 8;
    double alpha = 8, dropout = 0;
    bool stabilised = false, dora = false, bBias = false;
    bool gaussian = false;
};

Result<LoraOptions> readOptions(const AdapterBuild& build) {
    ConfigReader reader(build.config, {}, "adapter_config.json");
    LoraOptions options;
    options.rank = reader.size("r", 8, kMostRank);
    options.alpha = reader.real("lora_alpha", 8, -1e6, 1e6);
    options.dropout = reader.real("lora_dropout", 0, 0, 0.999);
    options.stabilised = reader.flag("use_rslora", false);
    options.dora = reader.flag("use_dora", false);
    options.bBias = reader.flag("lora_bias", false);
    if (options.dora && options.bBias)
        reader.refuse(ErrorCode::Unsupported, "lora_bias together with use_dora");
    const Json* begin = reader.find("init_lora_weights");
    const bool plain = !begin || begin->is_boolean();
    options.gaussian = begin && begin->is_string() && begin->get<std::string>() == "gaussian";
    if (build.tensors.isFresh() && !plain && !options.gaussian)
        reader.refuse(ErrorCode::Unsupported,
                      fmt::format("init_lora_weights {} for a fresh adapter (true or \"gaussian\" can be had)",
                                  begin->dump().substr(0, 60)));
    LATHE_CHECK(reader.problem());
    return options;
}

/// A's and B's keys of a layer: modules for linear layers, plain parameters for embeddings.
AdapterTensor takeFactor(const AdapterBuild& build, const AdaptableLayer& on, const char* letter,
                         const std::vector<std::int64_t>& shape, const AdapterTensors::Draw& draw) {
    const std::string stem = "base_model.model." + on.path + (on.embedding ? ".lora_embedding_" : ".lora_") + letter;
    if (on.embedding)
        return build.tensors.take(stem, stem + ".default", shape, draw);
    return build.tensors.take(stem + ".weight", stem + ".default.weight", shape, draw);
}

Result<> addLayer(const AdapterBuild& build, const LoraOptions& options, const AdaptableLayer& on,
                  AdapterParts& parts) {
    LATHE_TRY(const double rankValue,
              patternValue(build.config, "rank_pattern", on.path, static_cast<double>(options.rank)));
    LATHE_TRY(const double alpha, patternValue(build.config, "alpha_pattern", on.path, options.alpha));
    if (!(rankValue >= 1 && rankValue <= static_cast<double>(kMostRank)) || rankValue != std::floor(rankValue))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("adapter_config.json: the rank of \"{}\" is {}; it must be a whole number of 1 to {}",
                                on.path, rankValue, kMostRank));
    const auto rank = static_cast<std::int64_t>(rankValue);
    const std::int64_t in = on.linear ? on.linear->in() : on.weight().size(0);
    const std::int64_t out = on.linear ? on.linear->out() : on.weight().size(1);
    LowRankTensors tensors;
    const auto drawA = on.embedding ? constantDraw(0) : options.gaussian ? normalDraw(1 / rankValue) : linearDraw(in);
    tensors.a = parts.add(takeFactor(build, on, "A", {rank, in}, drawA));
    tensors.b = parts.add(takeFactor(build, on, "B", {out, rank}, on.embedding ? normalDraw(1) : constantDraw(0)));
    const std::string stem = "base_model.model." + on.path;
    if (options.bBias && on.linear)
        tensors.bBias =
            parts.add(build.tensors.take(stem + ".lora_B.bias", stem + ".lora_B.default.bias", {out}, constantDraw(0)));
    LowRankOptions layer;
    layer.scaling = alpha / (options.stabilised ? std::sqrt(rankValue) : rankValue);
    layer.dropout = options.dropout;
    if (options.dora) {
        const std::string key = stem + ".lora_magnitude_vector";
        const auto draw = [&](Tensor& value, torch::Generator&) {
            const Tensor weight = on.linear ? on.linear->matrix() : on.weight();
            value.copy_(LowRankLayer(build.network, on, tensors, layer).lengths(weight.to(torch::kFloat32)));
        };
        tensors.magnitude =
            parts.add(build.tensors.takeEither(key, key + ".weight", key + ".default.weight", {out}, draw));
    }
    parts.layers.push_back({on, std::make_shared<LowRankLayer>(build.network, on, tensors, layer)});
    return {};
}

Result<AdapterParts> buildLora(const AdapterBuild& build) {
    LATHE_TRY(const LoraOptions options, readOptions(build));
    LATHE_TRY(const auto targets, findTargets(build.index, build.config));
    AdapterParts parts;
    for (const AdaptableLayer& target : targets)
        LATHE_CHECK(addLayer(build, options, target, parts));
    LATHE_CHECK(addOverrides(build, "base_model.model.", parts));
    return parts;
}

}  // namespace

AdapterEntry loraAdapter() {
    AdapterEntry entry;
    entry.id = "LORA";
    entry.title = "LoRA";
    entry.source = "arXiv:2106.09685";
    entry.defaults = {{"alpha_pattern", Json::object()},
                      {"bias", "none"},
                      {"exclude_modules", nullptr},
                      {"fan_in_fan_out", false},
                      {"init_lora_weights", true},
                      {"layers_pattern", nullptr},
                      {"layers_to_transform", nullptr},
                      {"lora_alpha", 8},
                      {"lora_bias", false},
                      {"lora_dropout", 0.0},
                      {"r", 8},
                      {"rank_pattern", Json::object()},
                      {"target_modules", nullptr},
                      {"use_dora", false},
                      {"use_rslora", false}};
    entry.build = buildLora;
    return entry;
}

}  // namespace lathe::nn
