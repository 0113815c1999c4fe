// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/step_runner.h"

#include <fmt/format.h>

#include <cmath>

#include "train/detail/compute.h"
#include "train/detail/random.h"

namespace lathe::train {
namespace {

nn::AdamW::NamedTensors trainable(const nn::Network& network, const Method* method) {
    return method ? method->parameters() : OwnWeightsMethod::trainableParameters(network);
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
      m_adapter(plan.method ? plan.method->adapter() : nullptr),
      m_objective(plan.train->objective(plan.loss)),
      m_optimizer(trainable(network, plan.method), adamOptions(plan)) {
}

StepResult StepRunner::run(const ItemList& items, std::int64_t number, std::int64_t epoch) {
    StepResult result;
    result.learningRate = learningRateAt(m_plan.schedule, number);
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
    result.loss = pass.loss + learnExtra();
    if (!std::isfinite(result.loss)) {
        result.trouble = fmt::format("the loss became {}", result.loss);
        return result;
    }
    // 4. Update, the gradient clipped by its global norm
    result.gradNorm = m_optimizer.gradNorm();
    if (!std::isfinite(result.gradNorm)) {
        result.trouble = fmt::format("the gradient became {}", result.gradNorm);
        return result;
    }
    m_optimizer.step(result.learningRate, nn::AdamW::clipScale(result.gradNorm, m_plan.maxGradNorm));
    if (m_adapter)
        m_adapter->afterStep(number);
    if (pass.targets > 0)
        result.accuracy = pass.predicted.eq(batch.targets).to(torch::kFloat64).mean().item<double>();
    return result;
}

/// What the method adds to the loss, once a step however many batches it has. \returns its value.
double StepRunner::learnExtra() const {
    const torch::Tensor extra = m_adapter ? m_adapter->extraLoss() : torch::Tensor();
    if (!extra.defined())
        return 0;
    extra.backward();
    return extra.item<double>();
}

}  // namespace lathe::train
