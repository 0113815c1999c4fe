// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The second computation is differentiated inside the backward pass of the first: parameters get their gradients there,
// inputs hand theirs on.
#include "nn/blocks/recompute.h"

#include <ATen/Context.h>
#include <ATen/core/ivalue.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/custom_class.h>

#include "nn/dropout.h"
#include "nn/ops/parallel.h"
#include "nn/precision.h"

namespace lathe::nn {

namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

thread_local bool t_recomputes = false;

/// The generators that a layer may draw from, at one moment.
class DrawState {
public:
    explicit DrawState(torch::Device device) : m_dropout(dropoutState()), m_device(device) {
        if (!m_device.is_cpu())  // on the processor all dropout is ours
            m_generator = at::globalContext().defaultGenerator(m_device).get_state();
    }
    void restore() const {
        setDropoutState(m_dropout);
        if (!m_generator.defined())
            return;
        torch::Generator generator = at::globalContext().defaultGenerator(m_device);
        generator.set_state(m_generator);
    }
    torch::Device device() const { return m_device; }

private:
    DropoutState m_dropout;
    torch::Device m_device;
    Tensor m_generator;
};

/// What the second computation needs besides the inputs.
struct Layer : torch::CustomClassHolder {
    Layer(LayerFunction f, torch::Device device)
        : function(std::move(f)), draws(device), precision(currentPrecision()) {}
    LayerFunction function;
    DrawState draws;
    Precision precision;
    std::vector<bool> given;  ///< outputs that are defined
};

OptionalTensor inputAt(const std::vector<Tensor>& inputs, std::size_t i) {
    return i < inputs.size() ? optionalOf(inputs[i]) : OptionalTensor();
}

struct RecomputeFunction : torch::autograd::Function<RecomputeFunction> {
    /// \p anchor wants a gradient, so that the outputs do, whether or not an input does: parameters may.
    static variable_list forward(AutogradContext* context, const Tensor&, const OptionalTensor& a,
                                 const OptionalTensor& b, const OptionalTensor& c, const OptionalTensor& d,
                                 const c10::intrusive_ptr<Layer>& layer) {
        std::vector<Tensor> inputs;
        for (const OptionalTensor& each : {a, b, c, d})
            inputs.push_back(each.has_value() ? each->detach() : Tensor());
        context->save_for_backward(inputs);
        context->saved_data["layer"] = c10::IValue::make_capsule(layer);
        variable_list outputs;
        for (const Tensor& output : layer->function(inputs)) {
            layer->given.push_back(output.defined());
            outputs.push_back(output.defined() ? output : torch::empty({0}));
        }
        return outputs;
    }

    static variable_list backward(AutogradContext* context, const variable_list& grads) {
        const auto capsule = context->saved_data["layer"].toCapsule();
        const auto& layer = static_cast<const Layer&>(*capsule);
        const DrawState now(layer.draws.device());
        layer.draws.restore();
        const PrecisionScope precision(layer.precision);
        const RecomputeScope once(false);
        const torch::AutoGradMode enabled(true);
        std::vector<Tensor> inputs;
        std::size_t edge = 1;  // behind the anchor; undefined inputs have none
        std::vector<bool> wanted;
        for (const Tensor& saved : context->get_saved_variables()) {
            wanted.push_back(saved.defined() && context->needs_input_grad(edge));
            edge += saved.defined() ? 1 : 0;
            inputs.push_back(saved.defined() ? saved.detach() : Tensor());
            if (wanted.back())
                inputs.back().set_requires_grad(true);
        }
        const std::vector<Tensor> outputs = layer.function(inputs);
        now.restore();
        variable_list roots, rootGrads;
        for (std::size_t i = 0; i < outputs.size(); ++i)
            if (layer.given[i] && outputs[i].requires_grad() && grads[i].defined()) {
                roots.push_back(outputs[i]);
                rootGrads.push_back(grads[i]);
            }
        if (!roots.empty())
            torch::autograd::backward(roots, rootGrads);
        variable_list result(kMostLayerInputs + 2);
        for (std::size_t i = 0; i < inputs.size(); ++i)
            if (wanted[i])
                result[i + 1] = inputs[i].grad();
        return result;
    }
};

}  // namespace

RecomputeScope::RecomputeScope(bool on) : m_before(t_recomputes) {
    t_recomputes = on;
}

RecomputeScope::~RecomputeScope() {
    t_recomputes = m_before;
}

bool recomputesLayers() {
    return t_recomputes && torch::GradMode::is_enabled();
}

std::vector<Tensor> recomputed(const std::vector<Tensor>& inputs, LayerFunction layer) {
    TORCH_CHECK(!inputs.empty() && inputs.size() <= kMostLayerInputs, "a layer of ", inputs.size(), " inputs");
    torch::Device device = torch::kCPU;
    for (const Tensor& input : inputs)
        if (input.defined())
            device = input.device();
    const auto held = c10::make_intrusive<Layer>(std::move(layer), device);
    const Tensor anchor = torch::empty({0}, torch::TensorOptions(device).requires_grad(true));
    variable_list outputs = RecomputeFunction::apply(anchor, inputAt(inputs, 0), inputAt(inputs, 1), inputAt(inputs, 2),
                                                     inputAt(inputs, 3), held);
    for (std::size_t i = 0; i < outputs.size(); ++i)
        if (!held->given[i])
            outputs[i] = Tensor();
    return outputs;
}

}  // namespace lathe::nn
