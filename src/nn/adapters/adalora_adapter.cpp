// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// AdaLoRA: LoRA in the form of a singular value decomposition, whose least important triplets are switched off.
// \source Zhang et al. arXiv:2303.10512; peft/tuners/adalora
#include <fmt/format.h>

#include <memory>

#include "nn/adapters/adalora_budget.h"
#include "nn/adapters/lora_layer.h"
#include "nn/adapters/module_targets.h"
#include "nn/config_reader.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

constexpr std::int64_t kMostRank = 1 << 16;
const std::string kPrefix = "base_model.model.";

struct AdaLoraOptions {
    AdaLoraSchedule schedule;
    std::int64_t rank = 12;
    double alpha = 8, dropout = 0, orthogonal = 0.5;
};

Result<AdaLoraOptions> readOptions(const Json& config) {
    ConfigReader reader(config, {}, "adapter_config.json");
    AdaLoraOptions options;
    options.rank = reader.size("init_r", 12, kMostRank);
    options.alpha = reader.real("lora_alpha", 8, -1e6, 1e6);
    options.dropout = reader.real("lora_dropout", 0, 0, 0.999);
    options.orthogonal = reader.real("orth_reg_weight", 0.5, 0, 1e6);
    AdaLoraSchedule& schedule = options.schedule;
    schedule.targetRank = reader.size("target_r", 8, kMostRank);
    const auto whole = [&](const char* key, double fallback) {
        return static_cast<std::int64_t>(reader.real(key, fallback, 0, 1e15));
    };
    schedule.totalSteps = whole("total_step", 0);
    schedule.warmup = whole("tinit", 0);
    schedule.final = whole("tfinal", 0);
    schedule.interval = std::max<std::int64_t>(1, whole("deltaT", 1));
    schedule.beta1 = reader.real("beta1", 0.85, 0, 1);
    schedule.beta2 = reader.real("beta2", 0.85, 0, 1);
    LATHE_CHECK(reader.problem());
    return options;
}

/// Which of a layer's first triplets are still there: rank_pattern's list, or all.
Result<std::vector<bool>> keptOf(const Json& config, const std::string& path, std::int64_t rank) {
    std::vector<bool> kept(static_cast<std::size_t>(rank), true);
    const auto pattern = config.find("rank_pattern");
    if (pattern == config.end() || pattern->is_null())
        return kept;
    const Json* list = nullptr;
    if (pattern->is_object())
        for (const char* end : {".lora_E", ".lora_E.default"})
            if (const auto found = pattern->find(path + end); found != pattern->end())
                list = &*found;
    if (pattern->is_object() && !list)
        return kept;
    bool valid = list && list->is_array() && list->size() == kept.size();
    for (std::size_t i = 0; valid && i < kept.size(); ++i) {
        valid = (*list)[i].is_boolean();
        kept[i] = valid && (*list)[i].get<bool>();
    }
    if (!valid)
        return fail(
            ErrorCode::InvalidInput,
            fmt::format("adapter_config.json: rank_pattern must give \"{}\" {} times true or false", path, rank));
    return kept;
}

/// orth_reg_weight times the mean distance of A A^T and B^T B from the identity.
Tensor orthogonality(const std::vector<AdaLoraTriplets>& layers, double weight) {
    Tensor sum;
    std::int64_t count = 0;
    for (const AdaLoraTriplets& layer : layers) {
        if (layer.a.size(0) == 0)
            continue;
        const Tensor unit = torch::eye(layer.a.size(0), layer.a.options().requires_grad(false));  // [R, R]
        const Tensor apart = (layer.a.matmul(layer.a.t()) - unit).norm() + (layer.b.t().matmul(layer.b) - unit).norm();
        sum = sum.defined() ? sum + apart : apart;
        count += 2;
    }
    return sum.defined() ? sum * (weight / static_cast<double>(count)) : Tensor();
}

Result<AdaLoraTriplets> addLayer(const AdapterBuild& build, const AdaLoraOptions& options, const AdaptableLayer& on,
                                 AdapterParts& parts) {
    if (!on.linear)
        return fail(
            ErrorCode::Unsupported,
            fmt::format("adapter_config.json: AdaLoRA stands on linear layers, \"{}\" is an embedding", on.path));
    AdaLoraTriplets triplets;
    triplets.path = on.path;
    LATHE_TRY(triplets.kept, keptOf(build.config, on.path, options.rank));
    const auto rank = static_cast<std::int64_t>(std::ranges::count(triplets.kept, true));
    const auto take = [&](const char* letter, const std::vector<std::int64_t>& shape, double deviation) {
        const std::string key = kPrefix + on.path + ".lora_" + letter;
        return parts.add(build.tensors.take(key, key + ".default", shape, normalDraw(deviation)));
    };
    triplets.a = take("A", {rank, on.linear->in()}, 0.02);
    triplets.b = take("B", {on.linear->out(), rank}, 0.02);
    const std::string key = kPrefix + on.path + ".lora_E";
    triplets.e = parts.add(build.tensors.take(key, key + ".default", {rank, 1}, constantDraw(0)));
    LowRankTensors tensors;
    tensors.a = triplets.a;
    tensors.b = triplets.b;
    tensors.e = triplets.e;
    LowRankOptions layer;
    layer.scaling = (options.alpha > 0 ? options.alpha : static_cast<double>(options.rank)) /
                    (static_cast<double>(options.rank) + 1e-5);
    layer.dropout = options.dropout;
    parts.layers.push_back({on, std::make_shared<LowRankLayer>(build.network, on, tensors, layer)});
    return triplets;
}

Result<AdapterParts> buildAdaLora(const AdapterBuild& build) {
    LATHE_TRY(const AdaLoraOptions options, readOptions(build.config));
    LATHE_TRY(const auto targets, findTargets(build.index, build.config));
    AdapterParts parts;
    std::vector<AdaLoraTriplets> layers;
    for (const AdaptableLayer& target : targets) {
        LATHE_TRY(AdaLoraTriplets triplets, addLayer(build, options, target, parts));
        layers.push_back(std::move(triplets));
    }
    const std::size_t ownTensors = parts.tensors.size();
    LATHE_CHECK(addOverrides(build, kPrefix, parts));
    const std::vector<AdapterTensor> others(parts.tensors.begin() + static_cast<std::ptrdiff_t>(ownTensors),
                                            parts.tensors.end());
    const std::vector<AdapterTensor> own(parts.tensors.begin(),
                                         parts.tensors.begin() + static_cast<std::ptrdiff_t>(ownTensors));
    parts.extraLoss = [layers, weight = options.orthogonal] { return orthogonality(layers, weight); };
    const auto budget = std::make_shared<AdaLoraBudget>(options.schedule, std::move(layers));
    parts.afterStep = [budget](std::int64_t step) { budget->afterStep(step); };
    parts.state = [budget] { return budget->state(); };
    parts.loadState = [budget](const auto& state) { return budget->loadState(state); };
    parts.saved = [budget, own, others] { return budget->narrowed(own, others); };
    parts.describe = [budget](Json& config) { budget->describe(config); };
    return parts;
}

}  // namespace

AdapterEntry adaLoraAdapter() {
    AdapterEntry entry;
    entry.id = "ADALORA";
    entry.title = "AdaLoRA";
    entry.source = "arXiv:2303.10512";
    entry.defaults = {{"beta1", 0.85},
                      {"beta2", 0.85},
                      {"bias", "none"},
                      {"deltaT", 1},
                      {"exclude_modules", nullptr},
                      {"fan_in_fan_out", false},
                      {"init_lora_weights", true},
                      {"init_r", 12},
                      {"layers_pattern", nullptr},
                      {"layers_to_transform", nullptr},
                      {"lora_alpha", 8},
                      {"lora_dropout", 0.0},
                      {"orth_reg_weight", 0.5},
                      {"r", 8},
                      {"rank_pattern", nullptr},
                      {"target_modules", nullptr},
                      {"target_r", 8},
                      {"tfinal", 0},
                      {"tinit", 0},
                      {"total_step", nullptr}};
    entry.build = buildAdaLora;
    return entry;
}

}  // namespace lathe::nn
