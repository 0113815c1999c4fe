// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// AdamW: one fused pass per step, in which parameter, gradient and both moments are read and written once.
#include "nn/adamw.h"

#include <cmath>

#include "nn/ops/parallel.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

std::vector<OptimizerParameter> decayedByDimensions(Optimizer::NamedTensors parameters, double weightDecay) {
    std::vector<OptimizerParameter> all;
    for (auto& [name, tensor] : parameters)
        all.push_back({.name = std::move(name), .tensor = tensor, .weightDecay = tensor.dim() >= 2 ? weightDecay : 0});
    return all;
}

}  // namespace

AdamW::AdamW(NamedTensors parameters, AdamWOptions options)
    : AdamW(decayedByDimensions(std::move(parameters), options.weightDecay), options) {
}

AdamW::AdamW(std::vector<OptimizerParameter> parameters, AdamWOptions options)
    : Optimizer(std::move(parameters),
                [](const Tensor& parameter) {
                    return NamedTensors{{"m", torch::zeros_like(parameter)}, {"v", torch::zeros_like(parameter)}};
                }),
      m_options(options) {
}

void AdamW::update(const std::vector<Work>& work, double lr, double clipScale) {
    const double bias1 = 1 - std::pow(m_options.beta1, static_cast<double>(steps()));
    const double bias2 = 1 - std::pow(m_options.beta2, static_cast<double>(steps()));
    kernels::AdamWStep common{};
    common.fresh1 = static_cast<float>(1 - m_options.beta1);
    common.fresh2 = static_cast<float>(1 - m_options.beta2);
    common.beta2 = static_cast<float>(m_options.beta2);
    common.epsilon = static_cast<float>(m_options.eps);
    common.correction2Sqrt = static_cast<float>(std::sqrt(bias2));
    common.gradScale = static_cast<float>(clipScale);
    forPieces(work, [&](const Work& each, std::int64_t begin, std::int64_t end) {
        const double rate = lr * each.slot->rate;
        kernels::AdamWStep own = common;
        own.rate = static_cast<float>(rate / bias1);
        own.decay = static_cast<float>(1 - rate * each.slot->decay);
        kernels::adamw(own, bits<float>(each.slot->parameter), bits<const float>(each.grad),
                       bits<float>(each.slot->kept(0)), bits<float>(each.slot->kept(1)), begin, end);
    });
}

void AdamW::updateByTorch(const Slot& slot, const Tensor& grad, double lr, double clipScale) {
    const double correction1 = 1 - std::pow(m_options.beta1, static_cast<double>(steps()));
    const double correction2 = 1 - std::pow(m_options.beta2, static_cast<double>(steps()));
    const double rate = lr * slot.rate;
    const Tensor scaled = grad * clipScale;
    const Tensor &m = slot.kept(0), &v = slot.kept(1);
    slot.parameter.mul_(1 - rate * slot.decay);
    m.mul_(m_options.beta1).add_(scaled, 1 - m_options.beta1);
    v.mul_(m_options.beta2).addcmul_(scaled, scaled, 1 - m_options.beta2);
    const Tensor denominator = (v.sqrt() / std::sqrt(correction2)).add_(m_options.eps);
    slot.parameter.addcdiv_(m, denominator, -rate / correction1);
}

OptimizerEntry adamWOptimizer() {
    return {.id = "adamw",
            .title = "AdamW",
            .help = "Scales every weight's step by how its gradient has behaved so far: the usual choice.",
            .source = "arXiv:1711.05101",
            .options = {advanced(realOption("adam_beta1", "AdamW momentum", 0.9, 0, 0.9999, "share",
                                            "Share of the gradient's running mean that a step keeps.")),
                        advanced(realOption("adam_beta2", "AdamW memory of sizes", 0.999, 0, 0.999999, "share",
                                            "Share of the squared gradient's running mean that a step keeps.")),
                        advanced(realOption("adam_epsilon", "AdamW epsilon", 1e-8, 1e-12, 1, "-",
                                            "Keeps steps small where gradients have been next to nothing."))},
            .make = [](std::vector<OptimizerParameter> parameters, const Json& options) -> std::unique_ptr<Optimizer> {
                AdamWOptions given;
                given.beta1 = options.value("adam_beta1", given.beta1);
                given.beta2 = options.value("adam_beta2", given.beta2);
                given.eps = options.value("adam_epsilon", given.eps);
                return std::make_unique<AdamW>(std::move(parameters), given);
            }};
}

}  // namespace lathe::nn
