// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The non-linear functions of feed-forward layers.
#pragma once

#include <torch/types.h>

#include <optional>
#include <string_view>

namespace lathe::nn {

enum class Activation {
    Gelu,
    GeluTanh,
    GeluClipped,  ///< gelu in [-10, 10]. \source arXiv:2004.09602
    QuickGelu,    ///< x sigmoid(1.702 x)
    Relu,
    Relu2,  ///< relu(x)^2. \source So et al. arXiv:2109.08668
    Relu6,
    LeakyRelu,
    Silu,
    Hardswish,
    Mish,
    Tanh,
    Sigmoid,
    Laplace,  ///< \source Ma et al. arXiv:2209.10655 eq. 13
    SqrtSoftplus,
    Linear
};

/// By the name of config.json's hidden_act: those of the reference that have no parameters of their own.
/// \returns nothing for a name that is not known.
std::optional<Activation> activationNamed(std::string_view name);

torch::Tensor activate(const torch::Tensor& x, Activation activation);

/// silu(gate) * up, both [..., F]. \source Shazeer arXiv:2002.05202
torch::Tensor swiglu(const torch::Tensor& gate, const torch::Tensor& up);

}  // namespace lathe::nn
