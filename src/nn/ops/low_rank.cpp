// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Two thin products forward, four backward, and no tensor of the layer's size beyond the output.
#include "nn/ops/low_rank.h"

#include <torch/csrc/autograd/custom_function.h>

#include "nn/dropout.h"
#include "nn/ops/parallel.h"

namespace lathe::nn {

namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// \p x bfloat16; itself when nothing is dropped.
Tensor dropped(const Tensor& x, kernels::Dropout drop) {
    if (!drop.isOn())
        return x;
    Tensor out = torch::empty_like(x);
    forRows(x.numel(), 1, [&](std::int64_t begin, std::int64_t end) {
        kernels::dropout(bits<const kernels::Bf16>(x), bits<kernels::Bf16>(out), begin, end, drop);
    });
    return out;
}

struct LowRankFunction : torch::autograd::Function<LowRankFunction> {
    enum Input { X, Y, A, B };

    /// \p x [N, in] \p y [N, out]
    static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& y, const Tensor& a, const Tensor& b,
                          double scale, double probability, std::int64_t key) {
        const kernels::Dropout drop{static_cast<std::uint64_t>(key), static_cast<float>(probability)};
        const Tensor in = x.to(torch::kBFloat16).contiguous();
        const Tensor down = a.to(torch::kBFloat16), up = (b * scale).to(torch::kBFloat16);
        const Tensor narrow = at::mm(dropped(in, drop), down.t());  // [N, R]
        context->save_for_backward({in, narrow, down, up});
        context->saved_data["type"] = static_cast<std::int64_t>(x.scalar_type());
        context->saved_data["scale"] = scale;
        context->saved_data["p"] = probability;
        context->saved_data["key"] = key;
        return at::addmm(y, narrow, up.t());  // [N, out]
    }

    static variable_list backward(AutogradContext* context, const variable_list& grads) {
        const variable_list saved = context->get_saved_variables();
        const Tensor &in = saved[0], &narrow = saved[1], &down = saved[2], &up = saved[3];
        const kernels::Dropout drop{static_cast<std::uint64_t>(context->saved_data["key"].toInt()),
                                    static_cast<float>(context->saved_data["p"].toDouble())};
        const Tensor gradOut = grads[0].contiguous();   // [N, out]
        const Tensor gradNarrow = at::mm(gradOut, up);  // [N, R]
        variable_list result(7);
        if (context->needs_input_grad(X))
            result[X] = dropped(at::mm(gradNarrow, down), drop)
                            .to(static_cast<torch::ScalarType>(context->saved_data["type"].toInt()));
        result[Y] = gradOut;
        if (context->needs_input_grad(A))
            result[A] = at::mm(gradNarrow.t(), dropped(in, drop)).to(torch::kFloat32);  // [R, in]
        if (context->needs_input_grad(B))
            result[B] = at::mm(gradOut.t(), narrow).to(torch::kFloat32).mul_(context->saved_data["scale"].toDouble());
        return result;
    }
};

}  // namespace

bool canAddLowRank(const Tensor& y) {
    return y.is_cpu() && y.scalar_type() == torch::kBFloat16;
}

Tensor addLowRank(const Tensor& x, const Tensor& y, const LowRankAddition& addition) {
    const Tensor out = LowRankFunction::apply(x.reshape({-1, x.size(-1)}), y.reshape({-1, y.size(-1)}), addition.a,
                                              addition.b, addition.scale, addition.dropout,
                                              static_cast<std::int64_t>(nextDropout(addition.dropout).key));
    return out.view(y.sizes());
}

}  // namespace lathe::nn
