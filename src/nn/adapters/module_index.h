// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ModuleIndex: a network's layers and parameters by the names that PEFT knows them by. Thread: compute lane.
#pragma once

#include <string>
#include <vector>

#include "nn/blocks/layers.h"
#include "nn/blocks/linear.h"
#include "nn/network.h"

namespace lathe::nn {

/// A layer that an adapter can stand on.
struct AdaptableLayer {
    std::string path;                ///< "model.layers.0.self_attn.q_proj"
    Linear* linear = nullptr;        ///< one of the two
    Embedding* embedding = nullptr;  ///< is set
    LayerAdapters& adapters() const { return linear ? linear->adapters : embedding->adapters; }
    const torch::Tensor& weight() const { return linear ? linear->weight : embedding->weight; }
};

/// One parameter of the base: where it is read from and whether a file of the base holds it.
struct ParameterSlot {
    std::string name;  ///< "bert.encoder.layer.0.output.LayerNorm.bias"
    /// The module's own member; an adapter's tensor can stand in for it. nullptr: a parameter of a module without such
    /// a member, which can only have its data exchanged.
    torch::Tensor* member = nullptr;
    torch::Tensor registered;  ///< undefined: the layer reads a parameter that another module owns (tied)
};

struct ModuleIndex {
    explicit ModuleIndex(Network& network);

    std::vector<AdaptableLayer> layers;  ///< in the order of the network
    std::vector<ParameterSlot> slots;    ///< tied ones too
    std::vector<std::string> paths;      ///< every module's, without the network's own ""

    const AdaptableLayer* layer(const std::string& path) const;
    const ParameterSlot* slot(const std::string& name) const;
};

/// Whether \p path is the layer that makes tokens or labels of hidden states, which "all-linear" leaves out.
bool isOutputLayer(const std::string& path, const std::string& taskType);

}  // namespace lathe::nn
