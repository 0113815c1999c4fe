// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "infer/adapter_info.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "nn/adapters/adapter_parts.h"
#include "nn/adapters/adapter_set.h"

namespace lathe::infer {

namespace fs = std::filesystem;

namespace {

constexpr std::array kModelWeights = {"model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
                                      "pytorch_model.bin.index.json"};

}  // namespace

Result<AdapterInfo> inspectAdapter(const fs::path& folder) {
    AdapterInfo info;
    info.folder = folder;
    LATHE_TRY(info.config, nn::readAdapterConfig(folder));
    LATHE_TRY(info.kind, jsonString(info.config, "peft_type", ""));
    LATHE_TRY(info.task, jsonString(info.config, "task_type", ""));
    LATHE_TRY(info.base, jsonString(info.config, "base_model_name_or_path", ""));
    const nn::AdapterRegistry registry = nn::makeAdapterRegistry();
    if (const nn::AdapterEntry* entry = registry.find(info.kind))
        info.title = entry->title;
    LATHE_TRY(const auto reader, nn::openAdapterWeights(folder));
    for (const auto& [name, tensor] : reader.tensors()) {
        std::int64_t elements = 1;
        for (const std::int64_t size : tensor.shape)
            elements *= size;
        info.parameters += elements;
        info.bytes += tensor.end - tensor.begin;
        ++info.tensors;
    }
    return info;
}

bool isAdapterFolder(const fs::path& folder) {
    std::error_code ignored;
    if (!fs::exists(folder / "adapter_config.json", ignored))
        return false;
    // A config.json beside it says which head the adapter's base gets; a whole model has weights of its own.
    return !fs::exists(folder / "config.json", ignored) ||
           std::ranges::none_of(kModelWeights, [&](const char* name) { return fs::exists(folder / name, ignored); });
}

Result<fs::path> baseOfAdapter(const fs::path& folder) {
    LATHE_TRY(const Json config, nn::readAdapterConfig(folder));
    LATHE_TRY(const std::string base, jsonString(config, "base_model_name_or_path", ""));
    std::error_code ignored;
    if (!base.empty())
        for (const fs::path& candidate : {folder / base, fs::path(base)})
            if (fs::exists(candidate / "config.json", ignored))
                return candidate;
    const std::string named = base.empty() ? "it does not say for which model"
                                           : fmt::format(
                                                 "its model \"{}\" is no "
                                                 "folder here",
                                                 base.substr(0, 200));
    return fail(ErrorCode::NotFound,
                fmt::format("{} is an adapter and {}; open the model's folder and name the adapter "
                            "with it (--adapter {})",
                            folder.string(), named, folder.string()));
}

Result<> checkAdapters(const fs::path& model, const std::vector<AdapterChoice>& adapters) {
    LATHE_TRY(auto network, nn::loadNetwork(model));
    nn::AdapterSet set(std::move(network));
    for (const AdapterChoice& choice : adapters) {
        LATHE_CHECK(set.load(choice.folder.string(), choice.folder));
        LATHE_CHECK(set.activate({{choice.folder.string(), choice.strength}}));
    }
    return {};
}

}  // namespace lathe::infer
