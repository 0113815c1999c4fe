// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/adapters/module_index.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace lathe::nn {

namespace {

void addSlot(std::vector<ParameterSlot>& slots, const std::string& path, const char* leaf, torch::nn::Module& module,
             torch::Tensor& member) {
    if (!member.defined())
        return;
    ParameterSlot slot;
    slot.name = path.empty() ? leaf : path + "." + leaf;
    slot.member = &member;
    const auto own = module.named_parameters(false);
    if (const torch::Tensor* registered = own.find(leaf))
        slot.registered = *registered;
    slots.push_back(std::move(slot));
}

void addRaw(std::vector<ParameterSlot>& slots, const std::string& path, torch::nn::Module& module) {
    for (const auto& item : module.named_parameters(false)) {
        ParameterSlot slot;
        slot.name = path.empty() ? item.key() : path + "." + item.key();
        slot.registered = item.value();
        slots.push_back(std::move(slot));
    }
}

}  // namespace

ModuleIndex::ModuleIndex(Network& network) {
    for (const auto& item : network.named_modules("", false)) {
        const std::string& path = item.key();
        torch::nn::Module& module = *item.value();
        paths.push_back(path);
        if (auto* linear = dynamic_cast<Linear*>(&module)) {
            layers.push_back({path, linear, nullptr});
            addSlot(slots, path, "weight", module, linear->weight);
            addSlot(slots, path, "bias", module, linear->bias);
        } else if (auto* embedding = dynamic_cast<Embedding*>(&module)) {
            layers.push_back({path, nullptr, embedding});
            addSlot(slots, path, "weight", module, embedding->weight);
        } else if (auto* norm = dynamic_cast<Norm*>(&module)) {
            addSlot(slots, path, "weight", module, norm->weight);
            addSlot(slots, path, "bias", module, norm->bias);
        } else {
            addRaw(slots, path, module);
        }
    }
    addRaw(slots, "", network);
}

const AdaptableLayer* ModuleIndex::layer(const std::string& path) const {
    const auto found = std::ranges::find(layers, path, &AdaptableLayer::path);
    return found == layers.end() ? nullptr : &*found;
}

const ParameterSlot* ModuleIndex::slot(const std::string& name) const {
    const auto found = std::ranges::find(slots, name, &ParameterSlot::name);
    return found == slots.end() ? nullptr : &*found;
}

bool isOutputLayer(const std::string& path, const std::string& taskType) {
    constexpr std::array<std::string_view, 8> kTokens = {"lm_head",
                                                         "embed_out",
                                                         "cls.predictions.decoder",
                                                         "lm_head.decoder",
                                                         "predictions.decoder",
                                                         "generator_lm_head",
                                                         "vocab_projector",
                                                         "lm_predictions.lm_head.decoder"};
    if (std::ranges::find(kTokens, path) != kTokens.end())
        return true;
    return taskType == "SEQ_CLS" && (path == "classifier" || path == "score");
}

}  // namespace lathe::nn
