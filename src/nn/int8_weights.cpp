// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/int8_weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "nn/blocks/layers.h"
#include "nn/blocks/linear.h"
#include "nn/network.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

constexpr std::string_view kWeight = "weight";
/// Behind the layer's name, in place of "weight".
constexpr std::string_view kBnbScale = "SCB", kBnbFormat = "weight_format";
constexpr std::string_view kScale = "weight_scale", kZero = "weight_zero_point", kOrder = "weight_g_idx";
constexpr std::array<std::string_view, 8> kCompanions = {
    kBnbScale, kBnbFormat, kScale, kZero, "weight_shape", "input_scale", "input_zero_point", "output_scale"};
/// bitsandbytes' own constant for 1/127.
constexpr double kPerStep = 7.874015718698502e-3;
/// Small enough that what is freed between the tables leaves no holes that count.
constexpr std::int64_t kPieceElements = 1 << 16;

tl::unexpected<Error> refused(std::string_view what) {
    return fail(
        ErrorCode::Unsupported,
        fmt::format("config.json: the weights are quantised as {}, which this version does not read (it reads int8 "
                    "of bitsandbytes and compressed-tensors); take the float16 or bfloat16 checkpoint, or save a "
                    "dequantised one with Transformers' model.dequantize()",
                    what));
}

std::string layerOf(const std::string& weight) {
    return weight.ends_with(kWeight) ? weight.substr(0, weight.size() - kWeight.size()) : std::string();
}

bool flag(const Json& object, const char* key) {
    return object.contains(key) && object[key].is_boolean() && object[key].get<bool>();
}

/// Present and not empty.
bool says(const Json& object, const char* key) {
    return object.contains(key) && !object[key].is_null() && !object[key].empty();
}

Result<> checkCompressedTensors(const Json& quantization) {
    LATHE_TRY(const std::string format, jsonString(quantization, "format", "dense"));
    const bool isPlain = format == "int-quantized" || format == "naive-quantized" || format == "dense";
    if (!isPlain)
        return refused(fmt::format("compressed-tensors \"{}\"", format.substr(0, 40)));
    for (const char* key : {"kv_cache_scheme", "transform_config"})
        if (says(quantization, key))
            return refused(fmt::format("compressed-tensors with {}", key));
    if (says(quantization, "sparsity_config")) {
        LATHE_TRY(const std::string sparsity, jsonString(quantization["sparsity_config"], "format", "dense"));
        if (sparsity != "dense")
            return refused(fmt::format("compressed-tensors \"{}\"", sparsity.substr(0, 40)));
    }
    const auto groups = quantization.find("config_groups");
    if (groups == quantization.end() || !groups->is_object())
        return {};
    for (const auto& [name, group] : groups->items()) {
        if (!group.is_object() || !group.contains("weights") || !group["weights"].is_object())
            continue;
        LATHE_TRY(const std::int64_t bits, jsonInt(group["weights"], "num_bits", 8));
        LATHE_TRY(const std::string type, jsonString(group["weights"], "type", "int"));
        if (bits != 8 || type != "int")
            return refused(fmt::format("compressed-tensors {}{}", type.substr(0, 20), bits));
    }
    return {};
}

Tensor float32(const WeightsReader& reader, const std::string& name) {
    return reader.tensor(name).value().to(torch::kFloat32);
}

}  // namespace

Result<> checkQuantization(const Json& config) {
    for (const char* key : {"quantization_config", "compression_config"}) {
        if (!config.is_object() || !says(config, key))
            continue;
        const Json& quantization = config[key];
        if (!quantization.is_object())
            return fail(ErrorCode::Parse, fmt::format("config.json: {} is not an object", key));
        LATHE_TRY(const std::string method, jsonString(quantization, "quant_method", ""));
        if (method == "compressed-tensors") {
            LATHE_CHECK(checkCompressedTensors(quantization));
            continue;
        }
        if (method != "bitsandbytes" && !(method.empty() && quantization.contains("load_in_8bit")))
            return refused(method.empty() ? std::string("it does not say what") : method.substr(0, 40));
        if (flag(quantization, "load_in_4bit") || flag(quantization, "_load_in_4bit"))
            return refused("4-bit bitsandbytes");
    }
    return {};
}

Int8Rows quantiseRows(const Tensor& rows, const std::function<void(std::int64_t, std::int64_t)>& done) {
    const torch::NoGradGuard noGrad;
    Int8Rows result{torch::empty(rows.sizes(), torch::kInt8), torch::empty({rows.size(0)})};
    const std::int64_t step = std::max<std::int64_t>(1, kPieceElements / std::max<std::int64_t>(1, rows.size(1)));
    for (std::int64_t row = 0; row < rows.size(0); row += step) {
        const std::int64_t count = std::min(step, rows.size(0) - row);
        const Tensor numbers = rows.narrow(0, row, count).to(torch::kFloat32);            // [n, in]
        const Tensor scale = std::get<0>(numbers.abs().max(1)).clamp_min(1e-30) / 127.0;  // [n]
        result.table.narrow(0, row, count).copy_((numbers / scale.unsqueeze(1)).round_().clamp_(-127, 127));
        result.scale.narrow(0, row, count).copy_(scale);
        if (done)
            done(row, row + count);
    }
    return result;
}

void holdInInt8(Network& network) {
    const NetworkConfig& config = network.config();
    std::vector<Linear*> linears;
    std::vector<Embedding*> embeddings;
    for (const auto& module : network.modules(false)) {
        if (auto* linear = dynamic_cast<Linear*>(module.get()); linear && !linear->isInt8())
            linears.push_back(linear);
        if (auto* embedding = dynamic_cast<Embedding*>(module.get()))
            embeddings.push_back(embedding);
    }
    for (Linear* linear : linears) {
        const auto sharing =
            std::ranges::find_if(embeddings, [&](const Embedding* one) { return one->weight.is_same(linear->weight); });
        const bool isHead = linear->out() == config.vocabSize || sharing != embeddings.end();
        if (isHead && config.head != Head::CausalLm)
            continue;
        if (!isHead && linear->out() == static_cast<std::int64_t>(config.labels.size()))
            continue;
        if (sharing != embeddings.end() && (!(*sharing)->adapters.empty() || !linear->adapters.empty()))
            continue;
        const Int8Rows made = quantiseRows(linear->matrix().cpu());
        const auto device = linear->weight.device();
        linear->useInt8(made.table.to(device), made.scale.to(device));
        if (sharing != embeddings.end())
            (*sharing)->scale = linear->scale;
    }
}

bool isInt8Companion(const WeightsReader& reader, const std::string& name) {
    return std::ranges::any_of(kCompanions, [&](std::string_view companion) {
        if (!name.ends_with(companion) || name.size() <= companion.size() ||
            name[name.size() - companion.size() - 1] != '.')
            return false;
        const auto weight =
            reader.tensors().find(name.substr(0, name.size() - companion.size()) + std::string(kWeight));
        return weight != reader.tensors().end() && weight->second.dtype == torch::kInt8;
    });
}

bool isBitsAndBytes(const WeightsReader& reader, const std::string& name) {
    const std::string layer = layerOf(name);
    return !layer.empty() && reader.tensors().contains(layer + std::string(kBnbScale));
}

Result<Tensor> dequantise(const WeightsReader& reader, const std::string& name) {
    const auto& tensors = reader.tensors();
    const std::string layer = layerOf(name);
    const auto has = [&](std::string_view end) { return !layer.empty() && tensors.contains(layer + std::string(end)); };
    const auto misfit = [&](const std::string& why) {
        return fail(ErrorCode::InvalidInput, fmt::format("tensor \"{}\": {}", name.substr(0, 200), why));
    };
    LATHE_TRY(const Tensor table, reader.tensor(name));
    if (table.dim() != 2)
        return misfit("an int8 tensor that is no matrix cannot be read");
    const std::int64_t rows = table.size(0), columns = table.size(1);
    if (has(kBnbScale)) {
        if (has(kBnbFormat) && float32(reader, layer + std::string(kBnbFormat)).ne(0).any().item<bool>())
            return fail(
                ErrorCode::Unsupported,
                fmt::format("tensor \"{}\" is tiled for an older GPU; save it again with bitsandbytes 0.38 or newer",
                            name.substr(0, 200)));
        const Tensor scale = float32(reader, layer + std::string(kBnbScale));
        if (scale.numel() != rows)
            return misfit(fmt::format("its SCB has {} values for {} rows", scale.numel(), rows));
        return table.to(torch::kFloat32).mul_(scale.view({-1, 1})).mul_(kPerStep);
    }
    if (!has(kScale))
        return Tensor();
    if (has(kOrder))
        return fail(
            ErrorCode::Unsupported,
            fmt::format("tensor \"{}\" has its columns in another order (weight_g_idx); take a checkpoint without",
                        name.substr(0, 200)));
    const Tensor scale = reader.tensor(layer + std::string(kScale)).value();
    const std::int64_t groups = scale.dim() == 2 && scale.size(0) == rows     ? scale.size(1)
                                : scale.numel() == rows || scale.numel() == 1 ? 1
                                                                              : 0;
    if (!c10::isFloatingType(scale.scalar_type()) || groups == 0 || columns % groups != 0)
        return misfit(fmt::format("its weight_scale has {} values, which fit no rows or groups of [{}, {}]",
                                  scale.numel(), rows, columns));
    const std::int64_t scaledRows = scale.numel() == 1 ? 1 : rows;
    // As the reference: in the scales' own type, rounding included.
    Tensor numbers = table.to(scale.scalar_type()).view({rows, groups, columns / groups});
    if (has(kZero)) {
        const Tensor zero = reader.tensor(layer + std::string(kZero)).value();
        if (zero.numel() != scale.numel())
            return misfit("it has another number of zero points than of scales");
        numbers.sub_(zero.to(scale.scalar_type()).view({scaledRows, groups, 1}));
    }
    return numbers.mul_(scale.view({scaledRows, groups, 1})).view({rows, columns});
}

}  // namespace lathe::nn
