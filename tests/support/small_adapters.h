// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Small networks and adapters on them, for tests of adapters.
#pragma once

#include <torch/torch.h>

#include <QtTest>

#include <map>

#include "nn/adapters/adapter_set.h"
#include "nn/network.h"

namespace lathe::test {

using lathe::Json;
using nn::Adapter;
using nn::ArchitectureEntry;
using nn::ArchitectureRegistry;
using nn::Batch;
using nn::FreshShape;
using nn::Head;
using nn::NamedTensors;
using nn::Network;
using torch::Tensor;

inline std::shared_ptr<Network> makeNetwork(const std::string& architecture, Head head, bool tied = false) {
    FreshShape shape;
    shape.vocabSize = 40;
    shape.layers = 2;
    shape.hiddenSize = 16;
    shape.heads = 4;
    shape.intermediateSize = 24;
    shape.maxPositions = 32;
    shape.dropout = 0;
    shape.tieEmbeddings = tied;
    Json json = nn::freshConfig(architecture, head, shape, {"a", "b", "c"});
    if (architecture == "llama") {
        json["attention_bias"] = true;
        json["num_key_value_heads"] = 2;
    }
    const ArchitectureRegistry registry = nn::makeArchitectureRegistry();
    const ArchitectureEntry* entry = registry.find(architecture);
    auto network = entry->make(entry->parse(json).value());
    const torch::NoGradGuard noGrad;
    for (Tensor& parameter : network->parameters())
        parameter.add_(0.1 * torch::randn_like(parameter));
    network->eval();
    return network;
}

inline std::shared_ptr<Network> llama() {
    return makeNetwork("llama", Head::CausalLm);
}
inline std::shared_ptr<Network> bert() {
    return makeNetwork("bert", Head::SequenceClassification);
}

inline Batch someBatch() {
    Batch batch;
    batch.ids = torch::tensor({{5, 6, 7, 8, 9}, {11, 12, 13, 0, 0}}, torch::kInt64);
    batch.mask = torch::tensor({{1, 1, 1, 1, 1}, {1, 1, 1, 0, 0}}, torch::kInt64);
    return batch;
}

/// A fresh adapter changes nothing; this one does.
inline std::shared_ptr<Adapter> randomAdapter(const std::shared_ptr<Network>& network, const Json& config) {
    auto adapter = nn::makeAdapter(network, config, 7);
    if (!adapter) {
        qWarning("%s", adapter.error().message.c_str());
        return nullptr;
    }
    const torch::NoGradGuard noGrad;
    for (auto& [name, tensor] : (*adapter)->parameters())
        tensor.copy_(0.3 * torch::randn_like(tensor) + (name.find("ia3") != std::string::npos ? 1.0 : 0.0));
    return *adapter;
}

inline Tensor logitsOf(Network& network, const Batch& batch = someBatch()) {
    const torch::NoGradGuard noGrad;
    return network.logits(batch).to(torch::kFloat32);
}

inline double apart(const Tensor& a, const Tensor& b) {
    return (a - b).abs().max().item<double>();
}

inline std::map<std::string, Tensor> byName(const NamedTensors& tensors) {
    return {tensors.begin(), tensors.end()};
}

inline Json lora(const Json& more = Json::object()) {
    Json config = {{"peft_type", "LORA"}, {"r", 3}, {"lora_alpha", 6}, {"target_modules", {"q_proj", "down_proj"}}};
    config.update(more);
    return config;
}

}  // namespace lathe::test
