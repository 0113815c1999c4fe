// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The small modules that only hold weights under the checkpoint's names.
#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include "nn/blocks/layer_adapter.h"
#include "nn/layer_probe.h"
#include "nn/ops/norm.h"

namespace lathe::nn {

/// A module that only gives its children a name ("encoder", "self").
struct Named : torch::nn::Module {};

struct Embedding : torch::nn::Module {
    /// \p paddingRow learns nothing from being looked up; -1 = none.
    Embedding(std::int64_t rows, std::int64_t channels, std::int64_t paddingRow = -1) : padding(paddingRow) {
        weight = register_parameter("weight", torch::empty({rows, channels}));
    }
    /// Over weights that another module owns and saves.
    explicit Embedding(torch::Tensor shared, std::int64_t paddingRow = -1)
        : weight(std::move(shared)), padding(paddingRow) {}
    /// ids [...] int64 -> [..., C] float32
    torch::Tensor forward(const torch::Tensor& ids) const {
        torch::Tensor rows = at::embedding(weight, ids, padding).to(torch::kFloat32);
        if (scale.defined())
            rows = rows * at::embedding(scale.unsqueeze(1), ids);
        return LayerProbe::seen(*this, adaptedOutput(adapters, ids, rows));
    }
    torch::Tensor weight;  ///< [rows, C]
    torch::Tensor scale;   ///< [rows] float32 where a head that shares the weight holds it as int8, else undefined
    std::int64_t padding = -1;
    LayerAdapters adapters;
};

/// Layer norm with weight and bias, or RMS norm with a weight alone.
struct Norm : torch::nn::Module {
    enum class Kind { Layer, Rms, RmsPlusOne };  ///< RmsPlusOne: Gemma multiplies by 1 + weight
    Norm(Kind normKind, std::int64_t channels, double epsilon) : kind(normKind) {
        options.epsilon = epsilon;
        options.rms = kind != Kind::Layer;
        weight = register_parameter("weight", torch::empty({channels}));
        if (kind == Kind::Layer)
            bias = register_parameter("bias", torch::empty({channels}));
    }
    /// residual + dropout(x), and its norm as \p output. \p residual may be undefined.
    Normalised add(const torch::Tensor& x, const torch::Tensor& residual, double dropout,
                   torch::ScalarType output = torch::kFloat32) const {
        NormOptions all = options;
        all.dropout = dropout;
        all.output = output;
        Normalised normalised =
            addNormalise(x, residual, kind == Kind::RmsPlusOne ? weight.to(torch::kFloat32) + 1 : weight, bias, all);
        LayerProbe::seen(*this, normalised.out);
        return normalised;
    }
    torch::Tensor forward(const torch::Tensor& x, torch::ScalarType output = torch::kFloat32) const {
        return add(x, {}, 0, output).out;
    }
    Kind kind;
    NormOptions options;
    torch::Tensor weight, bias;  ///< [C]
};

}  // namespace lathe::nn
