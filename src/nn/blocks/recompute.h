// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Gradient checkpointing: a layer keeps what enters it and computes the rest again in the backward pass.
// \source Chen et al. arXiv:1604.06174
// Thread: the setting is the calling thread's own.
#pragma once

#include <torch/types.h>

#include <functional>
#include <vector>

namespace lathe::nn {

/// While one lives, networks run their layers through runLayer()'s longer way.
class RecomputeScope {
public:
    explicit RecomputeScope(bool on);
    ~RecomputeScope();
    RecomputeScope(const RecomputeScope&) = delete;
    RecomputeScope& operator=(const RecomputeScope&) = delete;

private:
    bool m_before;
};

/// Whether layers are to be computed twice: a RecomputeScope is on, and gradients are wanted.
bool recomputesLayers();

/// A layer as a function of all tensors that gradients reach it through, but for its own parameters. It is called a
/// second time in the backward pass and must hold whatever else it needs by value.
using LayerFunction = std::function<std::vector<torch::Tensor>(const std::vector<torch::Tensor>& inputs)>;

constexpr std::size_t kMostLayerInputs = 4;

/// layer(inputs), whose inner tensors are not kept; the same dropout is drawn, and the gradients are the same bit by
/// bit. Inputs and outputs may be undefined. \throws c10::Error for more than kMostLayerInputs.
std::vector<torch::Tensor> recomputed(const std::vector<torch::Tensor>& inputs, LayerFunction layer);

}  // namespace lathe::nn
