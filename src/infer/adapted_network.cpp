// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "infer/detail/adapted_network.h"

#include <algorithm>

#include "nn/int8_weights.h"
#include "nn/precision.h"
#include "nn/torch_guard.h"

namespace lathe::infer {

namespace {

struct Adapted {
    std::shared_ptr<nn::Network> network;
    nn::AdapterSet adapters;

    explicit Adapted(std::shared_ptr<nn::Network> base) : network(base), adapters(std::move(base)) {}
};

std::string nameOf(const AdapterChoice& choice, const nn::AdapterSet& present) {
    if (!choice.name.empty())
        return choice.name;
    const std::filesystem::path folder = choice.folder.has_filename() ? choice.folder : choice.folder.parent_path();
    std::string name = folder.filename().string();
    while (present.find(name))
        name += '\'';
    return name;
}

Result<> activateAll(nn::AdapterSet& adapters, const std::vector<AdapterChoice>& choices) {
    std::vector<nn::ActiveAdapter> wanted;
    for (const AdapterChoice& choice : choices) {
        const std::string name = nameOf(choice, adapters);
        LATHE_CHECK(adapters.load(name, choice.folder));
        wanted.push_back({name, choice.strength});
    }
    return adapters.activate(wanted);
}

bool canMergeAll(const nn::AdapterSet& adapters) {
    return std::ranges::all_of(adapters.active(), [&](const auto& one) { return adapters.find(one.name)->canMerge(); });
}

}  // namespace

Result<std::shared_ptr<nn::Network>> loadAdapted(const ModelInfo& info, torch::Device device,
                                                 const LoadOptions& options) {
    const bool int8 = options.weights == WeightType::Int8;
    const bool half = options.weights == WeightType::Bf16 || (int8 && (device.is_cuda() || nn::isBf16Fast()));
    nn::LoadNetworkOptions how;
    how.device = device;
    how.dtype = half ? torch::kBFloat16 : torch::kFloat32;
    how.int8Linears = int8 && (options.adapters.empty() || !options.mergeAdapters);  // a merge needs numbers
    std::error_code ignored;
    if (!info.base.empty()) {
        const auto own = options.adapters.front().folder / "config.json";
        if (std::filesystem::exists(own, ignored)) {
            LATHE_TRY(how.config, readJsonFile(own));
        }
    }
    LATHE_TRY(auto network, nn::loadNetwork(info.base.empty() ? info.folder : info.base, how));
    if (options.adapters.empty()) {
        if (int8)
            LATHE_CHECK(nn::guardTorch("holding the weights in 8 bits", [&] { nn::holdInInt8(*network); }));
        return network;
    }
    const auto adapted = std::make_shared<Adapted>(std::move(network));
    LATHE_CHECK(activateAll(adapted->adapters, options.adapters));
    if (options.mergeAdapters && canMergeAll(adapted->adapters)) {
        const auto merged = adapted->adapters.merge(false);
        // one of two tied layers: it computes the same beside the model, only slower
        if (!merged && merged.error().code != ErrorCode::Unsupported)
            return fail(merged.error());
    }
    if (int8)
        LATHE_CHECK(nn::guardTorch("holding the weights in 8 bits", [&] { nn::holdInInt8(*adapted->network); }));
    return std::shared_ptr<nn::Network>(adapted, adapted->network.get());
}

Result<> mergeAdapters(const std::shared_ptr<nn::Network>& network, const std::vector<AdapterChoice>& adapters) {
    nn::AdapterSet set(network);
    LATHE_CHECK(activateAll(set, adapters));
    return set.merge(false);
}

}  // namespace lathe::infer
