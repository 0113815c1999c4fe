// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How the kernels are spread over torch's threads, and how they see tensors.
#pragma once

#include <ATen/Parallel.h>
#include <torch/types.h>

#include <algorithm>

#include "nn/kernels/kernels.h"

namespace lathe::nn {

template <class T>
T* bits(const torch::Tensor& tensor) {
    return static_cast<T*>(tensor.data_ptr());
}

/// Calls \p function with a float or a kernels::Bf16 value, by the tensor's type.
template <class F>
void onType(const torch::Tensor& tensor, F&& function) {
    if (tensor.scalar_type() == torch::kFloat32)
        return function(float{});
    TORCH_CHECK(tensor.scalar_type() == torch::kBFloat16, "expected float32 or bfloat16, got ", tensor.scalar_type());
    function(kernels::Bf16{});
}

/// Autograd functions want what may be undefined as an optional.
inline c10::optional<torch::Tensor> optionalOf(const torch::Tensor& tensor) {
    return tensor.defined() ? c10::optional<torch::Tensor>(tensor) : c10::nullopt;
}
inline torch::Tensor valueOf(const c10::optional<torch::Tensor>& tensor) {
    return tensor.has_value() ? *tensor : torch::Tensor();
}
using OptionalTensor = c10::optional<torch::Tensor>;

/// Spreads [0, rows) over the threads in ranges worth starting a thread for. \p rowCost: elements per row.
template <class F>
void forRows(std::int64_t rows, std::int64_t rowCost, F&& function) {
    constexpr std::int64_t kWorthAThread = 1 << 14;  // elements
    at::parallel_for(0, rows, std::max<std::int64_t>(1, kWorthAThread / std::max<std::int64_t>(1, rowCost)),
                     [&](std::int64_t begin, std::int64_t end) { function(begin, end); });
}

/// Whether our kernels can take it.
inline bool hasKernel(const torch::Tensor& tensor) {
    return tensor.is_cpu() && (tensor.scalar_type() == torch::kFloat32 || tensor.scalar_type() == torch::kBFloat16);
}

}  // namespace lathe::nn
