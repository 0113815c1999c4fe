// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The bfloat16 product as an autograd function: one cast of x, one product forward, two backward.
#include "nn/blocks/linear.h"

#include <torch/csrc/autograd/custom_function.h>

#include "nn/layer_probe.h"
#include "nn/ops/int8_linear.h"
#include "nn/ops/parallel.h"
#include "nn/precision_type.h"
#include "nn/torch_compat.h"

namespace lathe::nn {

namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr std::size_t kMostTogether = 3;

/// \p out: contiguous, of x's shape.
void copyAs(const Tensor& x, const Tensor& out) {
    if (x.scalar_type() != torch::kFloat32 || out.scalar_type() != torch::kBFloat16 || !x.is_cpu() ||
        !x.is_contiguous()) {
        out.copy_(x);
        return;
    }
    forRows(x.numel(), 1, [&](std::int64_t begin, std::int64_t end) {
        kernels::toBf16(bits<const float>(x), bits<kernels::Bf16>(out), begin, end);
    });
}

Tensor toType(const Tensor& x, torch::ScalarType type) {
    if (x.scalar_type() != torch::kFloat32 || type != torch::kBFloat16 || !x.is_cpu() || !x.is_contiguous())
        return x.to(type).contiguous();
    Tensor out = torch::empty(x.sizes(), torch::kBFloat16);
    copyAs(x, out);
    return out;
}

/// Below each other, without copies of their own: those would leave holes in the heap between the ones that stay.
Tensor together(const std::vector<Tensor>& parts, torch::ScalarType type) {
    std::vector<std::int64_t> shape = parts.front().sizes().vec();
    shape[0] = 0;
    for (const Tensor& part : parts)
        shape[0] += part.size(0);
    Tensor all = torch::empty(shape, parts.front().options().dtype(type));
    std::int64_t row = 0;
    for (const Tensor& part : parts) {
        copyAs(part, all.narrow(0, row, part.size(0)));
        row += part.size(0);
    }
    return all;
}

/// [N, M] -> [M] float32
Tensor columnSums(const Tensor& x) {
    if (!hasKernel(x))
        return x.to(torch::kFloat32).sum(0);
    const std::int64_t columns = x.size(1);
    Tensor out = torch::zeros({columns}, torch::kFloat32);
    onType(x, [&](auto tag) {
        using T = decltype(tag);
        forRows((columns + 63) / 64, x.size(0) * 64, [&](std::int64_t begin, std::int64_t end) {
            kernels::addColumnSums(bits<const T>(x), x.size(0), x.stride(0), begin * 64, std::min(columns, end * 64),
                                   bits<float>(out));
        });
    });
    return out;
}

/// Up to three layers with one input. Gradients of x, weights and biases only where they are wanted.
struct Bf16LinearFunction : torch::autograd::Function<Bf16LinearFunction> {
    // Edges are counted over the tensors that were given: x, then the weights.
    enum Input { X, Weight, Bias = Weight + kMostTogether, Count = Bias + kMostTogether };

    static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& w0, const OptionalTensor& w1,
                          const OptionalTensor& w2, const OptionalTensor& b0, const OptionalTensor& b1,
                          const OptionalTensor& b2, const Tensor& weight, const OptionalTensor& bias) {
        const Tensor in = toType(x, weight.scalar_type());
        context->save_for_backward({in, weight});
        context->saved_data["type"] = static_cast<std::int64_t>(x.scalar_type());
        std::vector<std::int64_t> rows;
        for (const OptionalTensor& w : {OptionalTensor(w0), w1, w2})
            rows.push_back(w.has_value() ? w->size(0) : 0);
        std::int64_t biases = 0;
        const OptionalTensor all[] = {b0, b1, b2};
        for (std::size_t i = 0; i < kMostTogether; ++i)
            biases |= all[i].has_value() ? std::int64_t{1} << i : 0;
        context->saved_data["rows"] = rows;
        context->saved_data["biases"] = biases;
        return bias.has_value() ? at::addmm(*bias, in, weight.t()) : at::mm(in, weight.t());  // [N, M]
    }

    static variable_list backward(AutogradContext* context, variable_list grads) {
        const variable_list saved = context->get_saved_variables();
        const Tensor &in = saved[0], &weight = saved[1];
        const Tensor gradOut = grads[0].to(weight.scalar_type()).contiguous();  // [N, M]
        variable_list result(Count + 2);
        if (context->needs_input_grad(X))
            result[X] = at::mm(gradOut, weight).to(static_cast<torch::ScalarType>(context->saved_data["type"].toInt()));
        const std::vector<std::int64_t> rows = context->saved_data["rows"].toIntVector();
        const std::int64_t biases = context->saved_data["biases"].toInt();
        bool wantsWeights = false;
        for (std::size_t i = 0; i < kMostTogether; ++i)
            wantsWeights |= rows[i] > 0 && context->needs_input_grad(Weight + i);
        const Tensor gradWeight = wantsWeights ? at::mm(gradOut.t(), in).to(torch::kFloat32) : Tensor();  // [M, K]
        const Tensor gradBias = biases != 0 ? columnSums(gradOut) : Tensor();                             // [M]
        std::int64_t row = 0;
        for (std::size_t i = 0; i < kMostTogether; ++i) {
            if (wantsWeights && rows[i] > 0)
                result[Weight + i] = gradWeight.narrow(0, row, rows[i]);
            if ((biases >> i & 1) != 0)
                result[Bias + i] = gradBias.narrow(0, row, rows[i]);
            row += rows[i];
        }
        return result;
    }
};

Tensor runInt8(const Tensor& x, const Linear& layer) {
    const auto type = x.scalar_type() == torch::kFloat32 ? productType() : x.scalar_type();
    const Tensor y = int8Linear(x, layer.weight, layer.scale, type);
    return layer.bias.defined() ? y + layer.bias.to(y.scalar_type()) : y;
}

Tensor runBf16(const Tensor& x, const std::vector<Linear*>& layers, const Bf16Weights::Copies& copies) {
    Tensor w[kMostTogether], b[kMostTogether];
    for (std::size_t i = 0; i < layers.size(); ++i) {
        w[i] = layers[i]->matrix();
        b[i] = layers[i]->bias;
    }
    std::vector<std::int64_t> shape = x.sizes().vec();
    const Tensor rows = x.reshape({-1, shape.back()});  // [N, K]
    const Tensor y =
        Bf16LinearFunction::apply(rows, w[0], optionalOf(w[1]), optionalOf(w[2]), optionalOf(b[0]), optionalOf(b[1]),
                                  optionalOf(b[2]), copies.weight, optionalOf(copies.bias));
    shape.back() = y.size(1);
    return y.view(shape);
}

bool trainsInBf16(const Linear& layer) {
    return productType() != torch::kFloat32 && layer.weight.scalar_type() == torch::kFloat32;
}

}  // namespace

Linear::Linear(std::int64_t in, std::int64_t out, bool withBias, Layout weightLayout) : layout(weightLayout) {
    weight = register_parameter("weight", torch::empty(layout == Layout::InOut ? std::vector<std::int64_t>{in, out}
                                                                               : std::vector<std::int64_t>{out, in}));
    if (withBias)
        bias = register_parameter("bias", torch::empty({out}));
}

Tensor Linear::matrix() const {
    if (isInt8())
        return weight.to(torch::kFloat32) * scale.unsqueeze(1);
    return layout == Layout::InOut ? weight.t() : weight;
}

void Linear::useInt8(const Tensor& table, const Tensor& rowScale) {
    TORCH_CHECK(table.scalar_type() == torch::kInt8 && table.size(0) == out() && table.size(1) == in(),
                "an int8 weight of another shape");
    layout = Layout::OutIn;
    weight.set_requires_grad(false);
    weight.set_data(table);
    scale = register_buffer("weight_scale", rowScale);
}

Tensor Linear::base(const Tensor& x) {
    if (isInt8())
        return runInt8(x, *this);
    if (trainsInBf16(*this))
        return runBf16(x, {this}, m_cache.of({this}));
    return at::linear(x.to(weight.scalar_type()), matrix(), bias);
}

Tensor Linear::forward(const Tensor& x) {
    if (adapters.empty())
        return LayerProbe::seen(*this, base(x));
    Tensor read = x;
    for (const auto& adapter : adapters)
        read = adapter->input(read);
    return LayerProbe::seen(*this, adaptedOutput(adapters, x, base(read)));
}

const Bf16Weights::Copies& Bf16Weights::of(const std::vector<Linear*>& layers) {
    std::vector<Stamp> stamps;
    for (const Linear* layer : layers) {
        stamps.push_back({layer->weight.data_ptr(), versionOf(layer->weight)});
        stamps.push_back(layer->bias.defined() ? Stamp{layer->bias.data_ptr(), versionOf(layer->bias)} : Stamp{});
    }
    if (stamps == m_stamps && m_copies.weight.scalar_type() == productType())
        return m_copies;
    torch::NoGradGuard noGrad;
    std::vector<Tensor> weights, biases;
    for (const Linear* layer : layers) {
        weights.push_back(layer->matrix().detach());
        if (layer->bias.defined())
            biases.push_back(layer->bias.detach());
    }
    m_copies = {};  // goes before its successor comes
    m_copies.weight = together(weights, productType());
    m_copies.bias = biases.empty() ? Tensor() : together(biases, productType());
    m_stamps = std::move(stamps);
    return m_copies;
}

std::vector<Tensor> LinearGroup::forward(const Tensor& x) {
    const bool sameBias = std::ranges::all_of(
        m_layers, [&](const Linear* layer) { return layer->bias.defined() == m_layers.front()->bias.defined(); });
    const bool sameInput = std::ranges::none_of(m_layers, [](const Linear* layer) {
        return std::ranges::any_of(layer->adapters, [](const auto& adapter) { return adapter->changesInput(); });
    });
    if (!trainsInBf16(*m_layers.front()) || m_layers.size() > kMostTogether || !sameBias || !sameInput) {
        std::vector<Tensor> outputs;
        for (Linear* layer : m_layers)
            outputs.push_back(layer->forward(x));
        return outputs;
    }
    const Tensor y = runBf16(x, m_layers, m_cache.of(m_layers));
    std::vector<std::int64_t> sizes;
    for (const Linear* layer : m_layers)
        sizes.push_back(layer->out());
    std::vector<Tensor> outputs = m_layers.size() == 1 ? std::vector<Tensor>{y} : y.split_with_sizes(sizes, -1);
    for (std::size_t i = 0; i < m_layers.size(); ++i)
        outputs[i] = LayerProbe::seen(*m_layers[i], adaptedOutput(m_layers[i]->adapters, x, outputs[i]));
    return outputs;
}

}  // namespace lathe::nn
