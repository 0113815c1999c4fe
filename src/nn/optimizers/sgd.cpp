// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Stochastic gradient descent with momentum, as torch.optim.SGD has it. \source Sutskever et al. 2013
#include "nn/kernels/optimizer_steps.h"
#include "nn/ops/parallel.h"
#include "nn/optimizers/optimizer.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

class Sgd final : public Optimizer {
public:
    Sgd(std::vector<OptimizerParameter> parameters, double momentum, bool nesterov)
        : Optimizer(std::move(parameters),
                    [momentum](const Tensor& parameter) {
                        return momentum > 0 ? NamedTensors{{"momentum", torch::zeros_like(parameter)}} : NamedTensors();
                    }),
          m_momentum(momentum),
          m_nesterov(nesterov) {}

protected:
    void update(const std::vector<Work>& work, double lr, double clipScale) override {
        kernels::SgdStep common{};
        common.momentum = static_cast<float>(m_momentum);
        common.gradScale = static_cast<float>(clipScale);
        common.nesterov = m_nesterov;
        forPieces(work, [&](const Work& each, std::int64_t begin, std::int64_t end) {
            kernels::SgdStep own = common;
            own.rate = static_cast<float>(lr * each.slot->rate);
            own.decay = static_cast<float>(each.slot->decay);
            kernels::sgd(own, bits<float>(each.slot->parameter), bits<const float>(each.grad),
                         m_momentum > 0 ? bits<float>(each.slot->kept(0)) : nullptr, begin, end);
        });
    }

    void updateByTorch(const Slot& slot, const Tensor& grad, double lr, double clipScale) override {
        Tensor step = (grad * clipScale).add_(slot.parameter, slot.decay);
        if (m_momentum > 0) {
            const Tensor& buffer = slot.kept(0);
            buffer.mul_(m_momentum).add_(step);
            step = m_nesterov ? step.add_(buffer, m_momentum) : buffer;
        }
        slot.parameter.add_(step, -lr * slot.rate);
    }

private:
    double m_momentum;
    bool m_nesterov;
};

}  // namespace

OptimizerEntry sgdOptimizer() {
    return {.id = "sgd",
            .title = "SGD",
            .help =
                "Plain steps down the gradient, with momentum: the least memory, and a learning rate that needs "
                "care (about 100 times AdamW's).",
            .source = "Sutskever et al. 2013",
            .options = {advanced(realOption("sgd_momentum", "SGD momentum", 0.9, 0, 0.9999, "share",
                                            "Share of the step before that a step of SGD keeps; 0 = none.")),
                        advanced(boolOption("sgd_nesterov", "SGD looks ahead", false,
                                            "SGD takes the gradient as if the momentum had moved on already."))},
            .make = [](std::vector<OptimizerParameter> parameters, const Json& options) -> std::unique_ptr<Optimizer> {
                return std::make_unique<Sgd>(std::move(parameters), options.value("sgd_momentum", 0.9),
                                             options.value("sgd_nesterov", false));
            }};
}

}  // namespace lathe::nn
