// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The non-linear functions of feed-forward layers.
#pragma once

#include <torch/types.h>

#include <optional>
#include <string_view>

namespace lathe::nn {

enum class Activation { Gelu, GeluTanh, Relu, Silu, Tanh };

/// By the name of config.json's hidden_act ("gelu", "gelu_new", "gelu_pytorch_tanh", "relu", "silu", "swish", "tanh").
/// \returns nothing for a name that is not known.
std::optional<Activation> activationNamed(std::string_view name);

torch::Tensor activate(const torch::Tensor& x, Activation activation);

/// silu(gate) * up, both [..., F]. \source Shazeer arXiv:2002.05202
torch::Tensor swiglu(const torch::Tensor& gate, const torch::Tensor& up);

}  // namespace lathe::nn
