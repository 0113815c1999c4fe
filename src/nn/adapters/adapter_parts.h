// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a kind of adapter hands over: its tensors, the layers it stands on, the base parameters it stands in for.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/json.h"
#include "nn/adapters/adapter.h"
#include "nn/adapters/module_index.h"

namespace lathe::nn {

/// A layer's weights with an adapter written into them.
struct MergedWeights {
    torch::Tensor weight;  ///< float32 [out, in]; embeddings [rows, C]
    torch::Tensor bias;    ///< [out]; undefined = as it was
};

/// What stands on one layer.
class AdaptedLayer : public LayerAdapter {
public:
    /// \p weight, \p bias: the base's in float32, [out, in] whatever the file's layout. \returns Unsupported.
    virtual Result<MergedWeights> merged(const torch::Tensor& weight, const torch::Tensor& bias,
                                         double strength) const = 0;
    virtual bool canMerge() const { return true; }
    /// \returns whether what it adds can be scaled by that.
    virtual bool setStrength(double strength) { return strength == 1; }
};

struct AdapterLayer {
    AdaptableLayer on;
    std::shared_ptr<AdaptedLayer> adapter;
};

/// An adapter's tensor that replaces a parameter of the base while it is attached (modules_to_save, biases).
struct AdapterOverride {
    ParameterSlot slot;
    std::size_t tensor = 0;  ///< index into AdapterParts::tensors
    torch::Tensor original;  ///< the base's, while attached
};

struct AdapterParts {
    std::vector<AdapterTensor> tensors;  ///< what trains
    std::vector<AdapterLayer> layers;
    std::vector<AdapterOverride> overrides;
    std::function<VirtualTokens()> virtualTokens;
    std::function<torch::Tensor()> extraLoss;
    std::function<void(std::int64_t step)> afterStep;
    /// What training goes on from besides the tensors, and taking it back; empty = nothing.
    std::function<NamedTensors()> state;
    std::function<Result<>(const std::map<std::string, torch::Tensor>& state)> loadState;
    /// What is saved in place of tensors; empty = these.
    std::function<std::vector<AdapterTensor>()> saved;
    /// Brings the config up to date for saving.
    std::function<void(Json& config)> describe;

    torch::Tensor add(AdapterTensor tensor) {
        tensors.push_back(std::move(tensor));
        return tensors.back().value;
    }
};

/// What a kind gets to build itself from.
struct AdapterBuild {
    Network& network;
    const ModuleIndex& index;
    const Json& config;
    AdapterTensors& tensors;
};

struct AdapterEntry {
    std::string id;  ///< peft_type
    std::string title;
    std::string source;  ///< paper
    Json defaults;       ///< the kind's own keys of adapter_config.json with what a missing one means
    std::function<Result<AdapterParts>(const AdapterBuild& build)> build;
};

/// The keys of LoRA's kin that only say how a fresh adapter began, or nothing at all.
bool isHarmlessKey(std::string_view key);

/// Adds modules_to_save, and for kinds with `bias` the biases, to \p parts. \p prefix: "base_model.model." or, for
/// prompt kinds, "base_model.".
Result<> addOverrides(const AdapterBuild& build, const std::string& prefix, AdapterParts& parts);

}  // namespace lathe::nn
