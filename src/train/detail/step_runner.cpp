// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/step_runner.h"

#include <fmt/format.h>

#include <cmath>

#include "nn/optimizers/parameter_groups.h"
#include "train/detail/compute.h"
#include "train/detail/method.h"
#include "train/detail/random.h"

namespace lathe::train {
namespace {

std::unique_ptr<nn::Optimizer> makeOptimizer(const nn::Network& network, const PhasePlan& plan) {
    const auto exempt = nn::namesWithoutDecay(network);
    std::vector<nn::OptimizerParameter> parameters;
    for (const auto& item : network.named_parameters())
        if (item.value().requires_grad())
            parameters.push_back({.name = item.key(),
                                  .tensor = item.value(),
                                  .weightDecay = exempt.contains(item.key()) ? 0 : plan.weightDecay,
                                  .rateFactor = isHeadParameter(item.key()) ? plan.recipe.headRateFactor : 1});
    const auto registry = nn::makeOptimizerRegistry();
    const nn::OptimizerEntry* entry = registry.find(plan.recipe.optimizer);
    TORCH_CHECK(entry, "there is no optimizer ", plan.recipe.optimizer);  // options were checked before
    return entry->make(std::move(parameters), plan.recipe.all);
}

}  // namespace

StepRunner::StepRunner(nn::Network& network, const PhasePlan& plan)
    : m_network(network),
      m_plan(plan),
      m_objective(plan.train->objective(plan.recipe.loss)),
      m_optimizer(makeOptimizer(network, plan)) {
}

std::vector<StepRunner::Part> StepRunner::partsOf(const ItemList& items, std::uint64_t salt) const {
    const auto texts = m_plan.partTexts > 0 ? m_plan.partTexts : static_cast<std::int64_t>(items.size());
    std::vector<Part> parts;
    for (const ItemList& some : splitBatch(items, m_plan.train->lengths(), texts, m_plan.partTokens)) {
        Part part{.batch = m_plan.train->make(some, salt)};
        part.weight = m_objective->weight(part.batch);
        parts.push_back(std::move(part));
    }
    return parts;
}

std::pair<double, double> StepRunner::learn(const std::vector<Part>& parts, StepResult& result) {
    double whole = 0, right = 0, targets = 0;
    for (const Part& part : parts)
        whole += part.weight;
    for (const Part& part : parts) {
        result.tokens += part.batch.tokens;
        if (part.weight == 0)
            continue;
        const TrainBatch batch = part.batch.to(m_plan.device);
        const double share = part.weight / whole;
        const nn::PrecisionScope precision(m_plan.precision);
        const PassResult pass = m_objective->learn(m_network, batch, share);
        result.loss += pass.loss * share;
        if (pass.targets > 0 && pass.predicted.defined() && pass.predicted.sizes() == batch.targets.sizes()) {
            right += pass.predicted.eq(batch.targets).sum().item<double>();
            targets += static_cast<double>(pass.targets);
        }
    }
    return {right, targets};
}

StepResult StepRunner::run(const ItemList& items, std::int64_t number, std::int64_t epoch) {
    StepResult result;
    result.learningRate = learningRateAt(m_plan.schedule, number) * m_rateFactor;
    // 1. Randomness
    const std::uint64_t phaseSeed = mixSeed(m_plan.seed, m_plan.name == "pretrain" ? 1 : 2);
    seedGenerators(mixSeed(phaseSeed, static_cast<std::uint64_t>(number)));
    // 2. Batches
    const auto parts =
        partsOf(items, mixSeed(phaseSeed, 0x6d61736bull /* "mask" */, static_cast<std::uint64_t>(epoch)));
    // 3. Loss and gradients
    m_optimizer->zeroGrad();
    const auto [right, targets] = learn(parts, result);
    if (!std::isfinite(result.loss)) {
        result.trouble = fmt::format("the loss became {}", result.loss);
        return result;
    }
    // 4. Update, the gradient clipped by its global norm
    result.gradNorm = m_optimizer->gradNorm();
    if (!std::isfinite(result.gradNorm)) {
        result.trouble = fmt::format("the gradient became {}", result.gradNorm);
        return result;
    }
    m_optimizer->step(result.learningRate, nn::Optimizer::clipScale(result.gradNorm, m_plan.maxGradNorm));
    if (targets > 0)
        result.accuracy = right / targets;
    return result;
}

}  // namespace lathe::train
