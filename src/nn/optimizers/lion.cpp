// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Lion: steps of one size, by the sign of the momentum. \source Chen et al. arXiv:2302.06675, algorithm 2
#include "nn/kernels/optimizer_steps.h"
#include "nn/ops/parallel.h"
#include "nn/optimizers/optimizer.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

class Lion final : public Optimizer {
public:
    Lion(std::vector<OptimizerParameter> parameters, double beta1, double beta2)
        : Optimizer(std::move(parameters),
                    [](const Tensor& parameter) {
                        return NamedTensors{{"m", torch::zeros_like(parameter)}};
                    }),
          m_beta1(beta1),
          m_beta2(beta2) {}

protected:
    void update(const std::vector<Work>& work, double lr, double clipScale) override {
        kernels::LionStep common{};
        common.beta1 = static_cast<float>(m_beta1);
        common.beta2 = static_cast<float>(m_beta2);
        common.gradScale = static_cast<float>(clipScale);
        forPieces(work, [&](const Work& each, std::int64_t begin, std::int64_t end) {
            const double rate = lr * each.slot->rate;
            kernels::LionStep own = common;
            own.rate = static_cast<float>(rate);
            own.decay = static_cast<float>(1 - rate * each.slot->decay);
            kernels::lion(own, bits<float>(each.slot->parameter), bits<const float>(each.grad),
                          bits<float>(each.slot->kept(0)), begin, end);
        });
    }

    void updateByTorch(const Slot& slot, const Tensor& grad, double lr, double clipScale) override {
        const double rate = lr * slot.rate;
        const Tensor scaled = grad * clipScale;
        const Tensor& m = slot.kept(0);
        slot.parameter.mul_(1 - rate * slot.decay);
        slot.parameter.add_((m * m_beta1).add_(scaled, 1 - m_beta1).sign_(), -rate);
        m.mul_(m_beta2).add_(scaled, 1 - m_beta2);
    }

private:
    double m_beta1, m_beta2;
};

}  // namespace

OptimizerEntry lionOptimizer() {
    return {.id = "lion",
            .title = "Lion",
            .help =
                "Steps of the same size for every weight, by the direction alone: half of AdamW's memory; use a "
                "third to a tenth of its learning rate.",
            .source = "arXiv:2302.06675",
            .options = {advanced(realOption("lion_beta1", "Lion momentum", 0.9, 0, 0.9999, "share",
                                            "How much the mean of past gradients counts in the direction of a step.")),
                        advanced(realOption("lion_beta2", "Lion memory", 0.99, 0, 0.999999, "share",
                                            "Share of the mean of past gradients that a step keeps."))},
            .make = [](std::vector<OptimizerParameter> parameters, const Json& options) -> std::unique_ptr<Optimizer> {
                return std::make_unique<Lion>(std::move(parameters), options.value("lion_beta1", 0.9),
                                              options.value("lion_beta2", 0.99));
            }};
}

}  // namespace lathe::nn
