// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// GELU and SwiGLU over the kernels; the rarer functions are torch's.
#include "nn/ops/activation.h"

#include <torch/csrc/autograd/custom_function.h>

#include <cmath>

#include "nn/ops/parallel.h"

namespace lathe::nn {

namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct GeluFunction : torch::autograd::Function<GeluFunction> {
    static Tensor forward(AutogradContext* context, const Tensor& x) {
        const Tensor in = x.contiguous();
        Tensor out = torch::empty_like(in);
        onType(in, [&](auto tag) {
            using T = decltype(tag);
            forRows(in.numel(), 4, [&](std::int64_t begin, std::int64_t end) {
                kernels::gelu(bits<const T>(in), bits<T>(out), begin, end);
            });
        });
        context->save_for_backward({in});
        return out;
    }
    static variable_list backward(AutogradContext* context, variable_list grads) {
        const Tensor in = context->get_saved_variables()[0];
        const Tensor gradOut = grads[0].to(in.scalar_type()).contiguous();
        Tensor gradIn = torch::empty_like(in);
        onType(in, [&](auto tag) {
            using T = decltype(tag);
            forRows(in.numel(), 4, [&](std::int64_t begin, std::int64_t end) {
                kernels::geluBackward(bits<const T>(gradOut), bits<const T>(in), bits<T>(gradIn), begin, end);
            });
        });
        return {gradIn};
    }
};

/// Rows of the last dimension at one stride, as a view of a fused projection has them.
bool hasEvenRows(const Tensor& x) {
    if (x.stride(-1) != 1)
        return false;
    for (std::int64_t i = 0; i + 2 < x.dim(); ++i)
        if (x.stride(i) != x.stride(i + 1) * x.size(i + 1))
            return false;
    return true;
}

struct SwigluFunction : torch::autograd::Function<SwigluFunction> {
    static Tensor forward(AutogradContext* context, const Tensor& gate, const Tensor& up) {
        Tensor out = torch::empty(gate.sizes(), gate.options());
        const std::int64_t columns = gate.size(-1), stride = gate.stride(-2);
        onType(gate, [&](auto tag) {
            using T = decltype(tag);
            forRows(gate.numel() / columns, columns * 4, [&](std::int64_t begin, std::int64_t end) {
                kernels::swiglu(bits<const T>(gate), bits<const T>(up), stride, bits<T>(out), columns, begin, end);
            });
        });
        context->save_for_backward({gate, up});
        return out;
    }
    static variable_list backward(AutogradContext* context, variable_list grads) {
        const variable_list saved = context->get_saved_variables();
        const Tensor &gate = saved[0], &up = saved[1];
        const Tensor gradOut = grads[0].to(gate.scalar_type()).contiguous();
        const std::int64_t columns = gate.size(-1), stride = gate.stride(-2);
        Tensor gradGate = torch::empty(gate.sizes(), gate.options());
        Tensor gradUp = torch::empty(gate.sizes(), gate.options());
        onType(gate, [&](auto tag) {
            using T = decltype(tag);
            forRows(gate.numel() / columns, columns * 4, [&](std::int64_t begin, std::int64_t end) {
                kernels::swigluBackward(bits<const T>(gradOut), bits<const T>(gate), bits<const T>(up), stride,
                                        bits<T>(gradGate), bits<T>(gradUp), columns, columns, begin, end);
            });
        });
        return {gradGate, gradUp};
    }
};

/// The ones that no model at hand is trained with: torch 1.13 has no backward pass for them in bfloat16.
bool isRare(Activation activation) {
    return activation == Activation::LeakyRelu || activation == Activation::Hardswish ||
           activation == Activation::Mish || activation == Activation::Laplace ||
           activation == Activation::SqrtSoftplus || activation == Activation::Relu6;
}

}  // namespace

std::optional<Activation> activationNamed(std::string_view name) {
    struct Known {
        std::string_view name;
        Activation activation;
    };
    static constexpr Known kKnown[] = {
        {"gelu", Activation::Gelu},
        {"gelu_python", Activation::Gelu},
        {"gelu_10", Activation::GeluClipped},
        {"gelu_new", Activation::GeluTanh},
        {"gelu_fast", Activation::GeluTanh},
        {"gelu_accurate", Activation::GeluTanh},
        {"gelu_pytorch_tanh", Activation::GeluTanh},
        {"gelu_python_tanh", Activation::GeluTanh},
        {"quick_gelu", Activation::QuickGelu},
        {"relu", Activation::Relu},
        {"relu2", Activation::Relu2},
        {"relu6", Activation::Relu6},
        {"leaky_relu", Activation::LeakyRelu},
        {"silu", Activation::Silu},
        {"swish", Activation::Silu},
        {"hardswish", Activation::Hardswish},
        {"mish", Activation::Mish},
        {"tanh", Activation::Tanh},
        {"sigmoid", Activation::Sigmoid},
        {"laplace", Activation::Laplace},
        {"sqrtsoftplus", Activation::SqrtSoftplus},
        {"linear", Activation::Linear},
    };
    for (const Known& known : kKnown)
        if (known.name == name)
            return known.activation;
    return std::nullopt;
}

Tensor activate(const Tensor& x, Activation activation) {
    constexpr double kLaplaceMean = 0.707107, kLaplaceDeviation = 0.282095;
    if (x.scalar_type() == torch::kBFloat16 && isRare(activation))
        return activate(x.to(torch::kFloat32), activation).to(torch::kBFloat16);
    switch (activation) {
        case Activation::Gelu:
            return hasKernel(x) ? GeluFunction::apply(x) : at::gelu(x);
        case Activation::GeluTanh:
            return at::gelu(x, "tanh");
        case Activation::GeluClipped:
            return activate(x, Activation::Gelu).clamp(-10, 10);
        case Activation::QuickGelu:
            return x * at::sigmoid(1.702 * x);
        case Activation::Relu:
            return at::relu(x);
        case Activation::Relu2:
            return at::relu(x).square();
        case Activation::Relu6:
            return at::clamp(x, 0, 6);
        case Activation::LeakyRelu:
            return at::leaky_relu(x, 0.01);
        case Activation::Silu:
            return at::silu(x);
        case Activation::Hardswish:
            return at::hardswish(x);
        case Activation::Mish:
            return at::mish(x);
        case Activation::Tanh:
            return at::tanh(x);
        case Activation::Sigmoid:
            return at::sigmoid(x);
        case Activation::Laplace:
            return 0.5 * (1 + at::erf((x - kLaplaceMean) / (kLaplaceDeviation * std::sqrt(2.0))));
        case Activation::SqrtSoftplus:
            return at::softplus(x).sqrt();
        case Activation::Linear:
            break;
    }
    return x;
}

Tensor swiglu(const Tensor& gate, const Tensor& up) {
    if (!hasKernel(gate) || gate.dim() < 2)
        return at::silu(gate) * up;
    const bool even = hasEvenRows(gate) && hasEvenRows(up) && gate.stride(-2) == up.stride(-2);
    return even ? SwigluFunction::apply(gate, up) : SwigluFunction::apply(gate.contiguous(), up.contiguous());
}

}  // namespace lathe::nn
