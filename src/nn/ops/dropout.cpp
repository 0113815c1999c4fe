// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Dropout as an autograd function over the kernel.
#include "nn/dropout.h"

#include <torch/csrc/autograd/custom_function.h>

#include "nn/ops/parallel.h"

namespace lathe::nn {

namespace {

thread_local DropoutState t_dropout;

/// splitmix64: neighbouring (seed, call) pairs give unrelated keys.
std::uint64_t mix(std::uint64_t x) {
    x += 0x9E3779B97F4A7C15ull;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
    return x ^ (x >> 31);
}

torch::Tensor run(const torch::Tensor& x, kernels::Dropout drop) {
    const torch::Tensor in = x.contiguous();
    torch::Tensor out = torch::empty_like(in);
    onType(in, [&](auto tag) {
        using T = decltype(tag);
        forRows(in.numel(), 1, [&](std::int64_t begin, std::int64_t end) {
            kernels::dropout(bits<T>(in), bits<T>(out), begin, end, drop);
        });
    });
    return out;
}

struct DropoutFunction : torch::autograd::Function<DropoutFunction> {
    static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x, std::int64_t key,
                                 double probability) {
        context->saved_data["key"] = key;
        context->saved_data["p"] = probability;
        return run(x, {static_cast<std::uint64_t>(key), static_cast<float>(probability)});
    }
    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   torch::autograd::variable_list grads) {
        const kernels::Dropout drop{static_cast<std::uint64_t>(context->saved_data["key"].toInt()),
                                    static_cast<float>(context->saved_data["p"].toDouble())};
        return {run(grads[0], drop), {}, {}};
    }
};

}  // namespace

DropoutState dropoutState() {
    return t_dropout;
}

void setDropoutState(const DropoutState& state) {
    t_dropout = state;
}

kernels::Dropout nextDropout(double probability) {
    if (probability <= 0)
        return {};
    return {mix(mix(t_dropout.seed) ^ ++t_dropout.calls), static_cast<float>(probability)};
}

torch::Tensor dropout(const torch::Tensor& x, double probability) {
    if (probability <= 0)
        return x;
    if (!hasKernel(x))
        return torch::dropout(x, probability, true);
    return DropoutFunction::apply(x, static_cast<std::int64_t>(nextDropout(probability).key), probability);
}

}  // namespace lathe::nn
