// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/step_runner.h"

#include <fmt/format.h>

#include <cmath>

#include "train/detail/compute.h"
#include "train/detail/random.h"

namespace lathe::train {
namespace {

nn::AdamW::NamedTensors trainable(nn::Network& network) {
    nn::AdamW::NamedTensors parameters;
    for (const auto& item : network.named_parameters())
        if (item.value().requires_grad())
            parameters.emplace_back(item.key(), item.value());
    return parameters;
}

nn::AdamWOptions adamOptions(const PhasePlan& plan) {
    nn::AdamWOptions options;
    options.lr = plan.schedule.peak;
    options.weightDecay = plan.weightDecay;
    return options;
}

}  // namespace

StepRunner::StepRunner(nn::Network& network, const PhasePlan& plan)
    : m_network(network),
      m_plan(plan),
      m_objective(plan.train->objective(plan.loss)),
      m_optimizer(trainable(network), adamOptions(plan)) {
}

StepResult StepRunner::run(const ItemList& items, std::int64_t number, std::int64_t epoch) {
    StepResult result;
    result.learningRate = learningRateAt(m_plan.schedule, number) * m_rateFactor;
    // 1. Randomness
    const std::uint64_t phaseSeed = mixSeed(m_plan.seed, m_plan.name == "pretrain" ? 1 : 2);
    seedGenerators(mixSeed(phaseSeed, static_cast<std::uint64_t>(number)));
    // 2. Batch
    const TrainBatch batch =
        m_plan.train->make(items, mixSeed(phaseSeed, 0x6d61736bull /* "mask" */, static_cast<std::uint64_t>(epoch)))
            .to(m_plan.device);
    result.tokens = batch.tokens;
    // 3. Loss and gradients
    m_optimizer.zeroGrad();
    const PassResult pass = [&] {
        const nn::PrecisionScope precision(m_plan.precision);
        return m_objective->learn(m_network, batch, 1);
    }();
    result.loss = pass.loss;
    if (!std::isfinite(pass.loss)) {
        result.trouble = fmt::format("the loss became {}", pass.loss);
        return result;
    }
    // 4. Update, the gradient clipped by its global norm
    result.gradNorm = m_optimizer.gradNorm();
    if (!std::isfinite(result.gradNorm)) {
        result.trouble = fmt::format("the gradient became {}", result.gradNorm);
        return result;
    }
    m_optimizer.step(result.learningRate, nn::AdamW::clipScale(result.gradNorm, m_plan.maxGradNorm));
    if (pass.targets > 0)
        result.accuracy = pass.predicted.eq(batch.targets).to(torch::kFloat64).mean().item<double>();
    return result;
}

}  // namespace lathe::train
