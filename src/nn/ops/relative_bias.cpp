// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// One pass over the [T, T] pairs of each head instead of two gathers, a transposition and a sum.
#include "nn/ops/relative_bias.h"

#include <torch/csrc/autograd/custom_function.h>

#include "nn/ops/parallel.h"

namespace lathe::nn {

namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct RelativeBiasFunction : torch::autograd::Function<RelativeBiasFunction> {
    static Tensor forward(AutogradContext* context, const OptionalTensor& maybeQuery, const OptionalTensor& maybeKey,
                          const Tensor& rows, double scale) {
        const Tensor fromQuery = valueOf(maybeQuery), fromKey = valueOf(maybeKey);
        const Tensor& given = fromQuery.defined() ? fromQuery : fromKey;
        const kernels::RelativeShape shape = shapeOf(given.sizes(), rows, scale);
        Tensor out = torch::empty({given.size(1), given.size(0), shape.tokens, shape.tokens}, torch::kFloat32);
        onType(given, [&](auto tag) {
            using T = decltype(tag);
            forRows(shape.heads * shape.batch, shape.tokens * shape.tokens, [&](std::int64_t begin, std::int64_t end) {
                kernels::relativeBias(shape, begin, end, fromQuery.defined() ? bits<const T>(fromQuery) : nullptr,
                                      fromKey.defined() ? bits<const T>(fromKey) : nullptr, bits<float>(out));
            });
        });
        context->save_for_backward({rows});
        context->saved_data["scale"] = scale;
        context->saved_data["sizes"] = given.sizes().vec();
        context->saved_data["type"] = static_cast<std::int64_t>(given.scalar_type());
        context->saved_data["query"] = fromQuery.defined();
        context->saved_data["key"] = fromKey.defined();
        return out;
    }

    static variable_list backward(AutogradContext* context, variable_list grads) {
        const Tensor rows = context->get_saved_variables()[0];
        const std::vector<std::int64_t> sizes = context->saved_data["sizes"].toIntVector();
        const auto type = static_cast<torch::ScalarType>(context->saved_data["type"].toInt());
        const kernels::RelativeShape shape = shapeOf(sizes, rows, context->saved_data["scale"].toDouble());
        const Tensor gradOut = grads[0].to(torch::kFloat32).contiguous();
        // sums of many small parts: float32 until they are whole
        const auto room = [&](const char* side) {
            return context->saved_data[side].toBool() ? torch::zeros(sizes, torch::kFloat32) : Tensor();
        };
        Tensor gradQuery = room("query"), gradKey = room("key");
        forRows(shape.heads * shape.batch, shape.tokens * shape.tokens, [&](std::int64_t begin, std::int64_t end) {
            kernels::relativeBiasBackward(shape, begin, end, bits<const float>(gradOut),
                                          gradQuery.defined() ? bits<float>(gradQuery) : nullptr,
                                          gradKey.defined() ? bits<float>(gradKey) : nullptr);
        });
        return {gradQuery.defined() ? gradQuery.to(type) : gradQuery,
                gradKey.defined() ? gradKey.to(type) : gradKey,
                {},
                {}};
    }

private:
    static kernels::RelativeShape shapeOf(at::IntArrayRef sizes, const Tensor& rows, double scale) {
        kernels::RelativeShape shape;
        shape.heads = sizes[0];
        shape.batch = sizes[1];
        shape.tokens = sizes[2];
        shape.distances = sizes[3];
        shape.rows = bits<const std::int64_t>(rows);
        shape.scale = static_cast<float>(scale);
        return shape;
    }
};

/// [H, B, T, R] -> [B, H, T, T], in torch's words.
Tensor lookUp(const Tensor& scores, const Tensor& index) {
    const Tensor from = scores.transpose(0, 1).to(torch::kFloat32);  // [B, H, T, R]
    return from.gather(3, index.expand({from.size(0), from.size(1), -1, -1}));
}

}  // namespace

Tensor relativeBias(const Tensor& fromQuery, const Tensor& fromKey, const Tensor& rows, double scale) {
    const Tensor& given = fromQuery.defined() ? fromQuery : fromKey;
    const std::int64_t t = given.size(2);
    TORCH_CHECK(rows.numel() == 2 * t - 1, "there are ", rows.numel(), " distances for ", t, " tokens");
    if (hasKernel(given))
        return RelativeBiasFunction::apply(optionalOf(fromQuery.defined() ? fromQuery.contiguous() : fromQuery),
                                           optionalOf(fromKey.defined() ? fromKey.contiguous() : fromKey),
                                           rows.contiguous(), scale);
    const Tensor place = torch::arange(t, rows.options());
    const Tensor index = rows.index({place.unsqueeze(1) - place.unsqueeze(0) + (t - 1)});  // [T, S]
    Tensor sum;
    if (fromQuery.defined())
        sum = lookUp(fromQuery, index);
    if (fromKey.defined()) {
        const Tensor turned = lookUp(fromKey, index.t()).transpose(2, 3);  // [B, H, T, S]
        sum = sum.defined() ? sum + turned : turned;
    }
    return sum * scale;
}

}  // namespace lathe::nn
