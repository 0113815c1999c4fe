// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Cross entropy over the kernel: one pass forward, one backward.
#include "nn/ops/cross_entropy.h"

#include <torch/csrc/autograd/custom_function.h>
#include <torch/nn/functional/loss.h>

#include "nn/ops/parallel.h"

namespace lathe::nn {

namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct CrossEntropyFunction : torch::autograd::Function<CrossEntropyFunction> {
    static Tensor forward(AutogradContext* context, const Tensor& logits, const Tensor& targets) {
        const std::int64_t rows = logits.size(0), classes = logits.size(1);
        Tensor losses = torch::empty({rows}, torch::kFloat32), normaliser = torch::empty({rows}, torch::kFloat32);
        onType(logits, [&](auto tag) {
            using T = decltype(tag);
            forRows(rows, classes * 4, [&](std::int64_t begin, std::int64_t end) {
                kernels::crossEntropy(bits<const T>(logits), classes, bits<const std::int64_t>(targets), begin, end,
                                      bits<float>(losses), bits<float>(normaliser));
            });
        });
        const std::int64_t counted = std::max<std::int64_t>(1, targets.ge(0).sum().item<std::int64_t>());
        context->save_for_backward({logits, targets, normaliser});
        context->saved_data["counted"] = counted;
        return losses.sum() / counted;
    }
    static variable_list backward(AutogradContext* context, variable_list grads) {
        const variable_list saved = context->get_saved_variables();
        const Tensor &logits = saved[0], &targets = saved[1], &normaliser = saved[2];
        const std::int64_t rows = logits.size(0), classes = logits.size(1);
        const float scale = grads[0].item<float>() / static_cast<float>(context->saved_data["counted"].toInt());
        Tensor grad = torch::empty_like(logits);
        onType(logits, [&](auto tag) {
            using T = decltype(tag);
            forRows(rows, classes * 4, [&](std::int64_t begin, std::int64_t end) {
                kernels::crossEntropyBackward(bits<const T>(logits), classes, bits<const std::int64_t>(targets),
                                              bits<const float>(normaliser), scale, begin, end, bits<T>(grad));
            });
        });
        return {grad, {}};
    }
};

}  // namespace

Tensor crossEntropy(const Tensor& logits, const Tensor& targets) {
    TORCH_CHECK(logits.dim() == 2 && targets.dim() == 1 && logits.size(0) == targets.size(0),
                "cross entropy needs logits [N, V] and targets [N], got ", logits.sizes(), " and ", targets.sizes());
    TORCH_CHECK(targets.numel() == 0 || targets.max().item<std::int64_t>() < logits.size(1), "a target is beyond the ",
                logits.size(1), " classes");
    if (!hasKernel(logits)) {
        namespace F = torch::nn::functional;
        return F::cross_entropy(logits.to(torch::kFloat32), targets, F::CrossEntropyFuncOptions().ignore_index(-100));
    }
    return CrossEntropyFunction::apply(logits.contiguous(), targets.contiguous());
}

Tensor likeliest(const Tensor& logits) {
    if (!hasKernel(logits) || logits.dim() != 2)
        return logits.detach().argmax(-1);
    const Tensor in = logits.detach().contiguous();
    Tensor places = torch::empty({in.size(0)}, torch::kInt64);
    onType(in, [&](auto tag) {
        using T = decltype(tag);
        forRows(in.size(0), in.size(1), [&](std::int64_t begin, std::int64_t end) {
            kernels::largestPlaces(bits<const T>(in), in.size(1), begin, end, bits<std::int64_t>(places));
        });
    });
    return places;
}

}  // namespace lathe::nn
