// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Linear layers that keep float32 weights and, in bf16 precision, multiply with a bfloat16 copy made once per change.
// Thread: one at a time (the copy is cached in the module).
#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <memory>
#include <vector>

#include "nn/blocks/layer_adapter.h"

namespace lathe::nn {

struct Linear;

/// The bfloat16 copy of one weight, or of several below each other, made again when a weight was changed. In fp16
/// precision it is a float16 one.
class Bf16Weights {
public:
    struct Copies {
        torch::Tensor weight;  ///< [sum of outs, in]
        torch::Tensor bias;    ///< [sum of outs]; undefined without
    };
    const Copies& of(const std::vector<Linear*>& layers);

private:
    struct Stamp {
        const void* data = nullptr;
        std::int64_t version = -1;
        bool operator==(const Stamp&) const = default;
    };
    std::vector<Stamp> m_stamps;
    Copies m_copies;
};

/// y = x W^T + b. Parameters `weight` [out, in] and `bias` [out], as checkpoints name them.
struct Linear : torch::nn::Module {
    enum class Layout { OutIn, InOut };  ///< InOut: GPT-2's Conv1D keeps `weight` as [in, out]
    Linear(std::int64_t in, std::int64_t out, bool withBias, Layout weightLayout = Layout::OutIn);
    /// Over weights that another module owns and saves (tied embeddings).
    Linear(torch::Tensor sharedWeight, torch::Tensor sharedBias)
        : weight(std::move(sharedWeight)), bias(std::move(sharedBias)) {}
    /// \param x [..., in] \returns [..., out], float32, or bfloat16 where the layer computes in it
    torch::Tensor forward(const torch::Tensor& x);
    /// The same before any adapter.
    torch::Tensor base(const torch::Tensor& x);
    /// The weight as [out, in], whatever the file's layout; gradients pass. Of int8 the numbers, in float32.
    torch::Tensor matrix() const;
    /// Frozen from now on: \p table [out, in] int8 in the weight's place, which \p rowScale [out] float32 makes numbers
    /// of inside each product. A quarter of float32's memory.
    void useInt8(const torch::Tensor& table, const torch::Tensor& rowScale);
    bool isInt8() const { return scale.defined(); }
    std::int64_t in() const { return weight.size(layout == Layout::InOut ? 0 : 1); }
    std::int64_t out() const { return weight.size(layout == Layout::InOut ? 1 : 0); }

    torch::Tensor weight, bias;
    torch::Tensor scale;  ///< [out]; undefined unless the weight is int8
    Layout layout = Layout::OutIn;
    LayerAdapters adapters;

private:
    Bf16Weights m_cache;
};

/// Layers with the same input that run as one product where that pays: query, key and value; gate and up.
/// A plain member beside the registered layers; owns nothing that is saved.
class LinearGroup {
public:
    explicit LinearGroup(std::vector<Linear*> layers) : m_layers(std::move(layers)) {}
    /// One output per layer, [..., out_i]; views of one tensor where they ran together.
    std::vector<torch::Tensor> forward(const torch::Tensor& x);

private:
    std::vector<Linear*> m_layers;
    Bf16Weights m_cache;
};

}  // namespace lathe::nn
