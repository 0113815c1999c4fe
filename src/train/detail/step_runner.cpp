// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/step_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "core/random.h"
#include "nn/blocks/recompute.h"
#include "nn/layer_probe.h"
#include "nn/optimizers/parameter_groups.h"
#include "nn/torch_guard.h"
#include "train/detail/bytes.h"
#include "train/detail/compute.h"
#include "train/detail/first_bad.h"
#include "train/detail/method.h"
#include "train/detail/word_embeddings.h"

namespace lathe::train {
namespace {

nn::NamedTensors trained(const nn::Network& network, const PhasePlan& plan) {
    return plan.method ? plan.method->parameters() : OwnWeightsMethod::trainableParameters(network);
}

std::unique_ptr<nn::Optimizer> makeOptimizer(const nn::Network& network, const PhasePlan& plan) {
    const auto exempt = nn::namesWithoutDecay(network);
    std::vector<nn::OptimizerParameter> parameters;
    for (const auto& [name, tensor] : trained(network, plan))
        parameters.push_back({.name = name,
                              .tensor = tensor,
                              .weightDecay = exempt.contains(name) ? 0 : plan.weightDecay,
                              .rateFactor = isHeadParameter(name) ? plan.recipe.headRateFactor : 1});
    const auto registry = nn::makeOptimizerRegistry();
    const nn::OptimizerEntry* entry = registry.find(plan.recipe.optimizer);
    TORCH_CHECK(entry, "there is no optimizer ", plan.recipe.optimizer);  // options were checked before
    return entry->make(std::move(parameters), plan.recipe.all);
}

std::vector<torch::Tensor> tensorsOf(const nn::NamedTensors& named) {
    std::vector<torch::Tensor> tensors;
    for (const auto& [name, tensor] : named)
        tensors.push_back(tensor);
    return tensors;
}

constexpr const char* kPlateauState = "plateau";
constexpr const char* kScalerState = "loss_scaler";

template <std::size_t N>
torch::Tensor toTensor(const std::array<double, N>& values) {
    return torch::tensor(std::vector<double>(values.begin(), values.end()), torch::kFloat64);
}

template <std::size_t N>
Result<std::array<double, N>> toArray(const torch::Tensor& tensor, const char* name) {
    if (tensor.scalar_type() != torch::kFloat64 || tensor.numel() != static_cast<std::int64_t>(N))
        return fail(
            ErrorCode::InvalidInput,
            fmt::format("the optimizer's state does not fit: {} is of another shape; start the run anew", name));
    std::array<double, N> values{};
    std::copy_n(tensor.contiguous().data_ptr<double>(), N, values.begin());
    return values;
}

}  // namespace

StepRunner::StepRunner(nn::Network& network, const PhasePlan& plan)
    : m_network(network),
      m_plan(plan),
      m_adapter(plan.method ? plan.method->adapter() : nullptr),
      m_objective(plan.train->objective(plan.recipe.loss)),
      m_optimizer(makeOptimizer(network, plan)),
      m_plateau(plan.recipe.plateau) {
    if (plan.workers)
        m_sync = std::make_unique<GradientSync>(*plan.workers, tensorsOf(trained(network, plan)));
}

std::vector<ItemList> StepRunner::partItems(const ItemList& items) const {
    const auto& lengths = m_plan.train->lengths();
    const auto texts = m_plan.partTexts > 0 ? m_plan.partTexts : static_cast<std::int64_t>(items.size());
    std::int64_t tokens = m_plan.partTokens;
    if (m_mostPartTokens > 0)
        tokens = tokens > 0 ? std::min(tokens, m_mostPartTokens) : m_mostPartTokens;
    if (!m_plan.workers)
        return splitBatch(items, lengths, texts, tokens);
    // Which texts are whose does not depend on the memory of one of the machines.
    std::vector<ItemList> parts;
    for (const ItemList& part : shareOfBatch(items, lengths, texts, m_plan.partTokens, m_plan.workers->rank(),
                                             m_plan.workers->size(), !m_objective->isSumOverTexts()))
        std::ranges::move(splitBatch(part, lengths, texts, tokens), std::back_inserter(parts));
    return parts;
}

std::vector<StepRunner::Part> StepRunner::partsOf(const ItemList& items, std::uint64_t salt) const {
    std::vector<Part> parts;
    for (const ItemList& some : partItems(items)) {
        Part part{.items = some, .batch = m_plan.train->make(some, salt)};
        part.weight = m_objective->weight(part.batch);
        parts.push_back(std::move(part));
    }
    return parts;
}

double StepRunner::wholeWeight(const std::vector<Part>& parts) {
    double own = 0;
    for (const Part& part : parts)
        own += part.weight;
    if (!m_plan.workers)
        return own;
    if (!m_whole)
        m_whole = sumOver(*m_plan.workers, {own}).front();
    return *m_whole;
}

StepRunner::Learnt StepRunner::learn(const std::vector<Part>& parts, double scale, bool isLast) {
    Learnt learnt;
    const double whole = wholeWeight(parts);
    const Part* last = nullptr;
    for (const Part& part : parts)
        if (part.weight != 0)
            last = &part;
    for (const Part& part : parts) {
        if (part.weight == 0)
            continue;
        // Recomputed layers are not in the graph from which could be seen what a pass will come by.
        if (m_sync && isLast && &part == last && !m_probing && !m_plan.recompute)
            m_objective->hearLastBackward([this](const torch::Tensor& root) {
                m_shared = true;
                m_sync->expectLast(root);
            });
        else
            m_objective->hearLastBackward({});
        m_learning = part.items;
        const TrainBatch batch = part.batch.to(m_plan.device);
        const double share = part.weight / whole;
        const nn::PrecisionScope precision(m_plan.precision);
        const nn::RecomputeScope recompute(m_plan.recompute);
        const PassResult pass = m_objective->learn(m_network, batch, share * scale);
        learnt.loss += pass.loss * share;
        if (!std::isfinite(pass.loss) && m_bad.empty())
            m_bad = part.items;
        if (pass.targets > 0 && pass.predicted.defined() && pass.predicted.sizes() == batch.targets.sizes()) {
            learnt.right += pass.predicted.eq(batch.targets).sum().item<double>();
            learnt.targets += static_cast<double>(pass.targets);
        }
    }
    return learnt;
}

StepRunner::Learnt StepRunner::learnDisturbed(const std::vector<Part>& parts, double scale) {
    std::optional<EmbeddingNoise> noise;
    if (m_plan.recipe.neftuneAlpha > 0)
        noise.emplace(m_network, m_plan.recipe.neftuneAlpha);
    if (m_plan.recipe.fgmEpsilon <= 0)
        return learn(parts, scale, true);
    EmbeddingAttack attack(m_network);
    const Learnt clean = learn(parts, scale, false);
    std::function<void(torch::Tensor&)> sum;
    if (m_plan.workers)
        sum = [this](torch::Tensor& gradient) {
            m_shared = true;
            m_plan.workers->sum(gradient);
        };
    if (attack.perturb(m_plan.recipe.fgmEpsilon, sum)) {
        learn(parts, scale, true);
        attack.restore();
    }
    return clean;
}

StepRunner::Learnt StepRunner::differentiate(const ItemList& items, std::int64_t number, std::int64_t epoch,
                                             double scale) {
    // 1. Randomness: what is drawn for a text's tokens is the text's, dropout's masks are each process's own
    const std::uint64_t phaseSeed = mixSeed(m_plan.seed, m_plan.name == "pretrain" ? 1 : 2);
    const std::uint64_t stepSeed = mixSeed(phaseSeed, static_cast<std::uint64_t>(number));
    const bool isFirst = !m_plan.workers || m_plan.workers->isFirst();
    seedGenerators(isFirst ? stepSeed : mixSeed(stepSeed, static_cast<std::uint64_t>(m_plan.workers->rank())));
    // 2. Batches
    const auto parts =
        partsOf(items, mixSeed(phaseSeed, 0x6d61736bull /* "mask" */, static_cast<std::uint64_t>(epoch)));
    // 3. Loss and gradients
    m_bad.clear();
    m_shared = false;
    m_optimizer->zeroGrad();
    const double extra = isFirst ? learnExtra(scale) : 0;
    Learnt learnt = learnDisturbed(parts, scale);
    learnt.loss += extra;
    for (const Part& part : parts)
        learnt.tokens += static_cast<double>(part.batch.tokens);
    return learnt;
}

StepRunner::Learnt StepRunner::together(const Learnt& own) {
    if (!m_sync)
        return own;
    m_sync->finish();
    const auto all = sumOver(*m_plan.workers, {own.loss, own.right, own.targets, own.tokens});
    return {.loss = all[0], .right = all[1], .targets = all[2], .tokens = all[3]};
}

StepResult StepRunner::run(const ItemList& items, std::int64_t number, std::int64_t epoch) {
    StepResult result;
    result.learningRate = learningRateAt(m_plan.schedule, number) * m_rateFactor * m_plateau.factor();
    const double scale = m_plan.scalesLoss ? m_scaler.scale() : 1;
    m_whole.reset();
    Learnt own;
    for (bool done = false; !done;) {
        try {
            own = differentiate(items, number, epoch, scale);
            done = true;
        } catch (...) {
            if (m_shared || nn::currentTorchError({}).code != ErrorCode::OutOfMemory)
                throw;
            result.smallerParts = halveParts();
            if (result.smallerParts.empty())
                throw;
        }
    }
    const Learnt learnt = together(own);
    result.loss = learnt.loss;
    result.tokens = static_cast<std::int64_t>(learnt.tokens);
    if (learnt.targets > 0)
        result.accuracy = learnt.right / learnt.targets;
    if (!std::isfinite(result.loss)) {
        result.troubleItems = m_bad;
        std::string where = firstBad(items, number, epoch, scale);
        if (m_plan.workers)
            findTrouble(result.troubleItems, where);
        result.trouble = fmt::format("the loss became {}", result.loss) + where;
        return result;
    }
    // 4. Update, the gradient clipped by its global norm
    result.gradNorm = m_optimizer->gradNorm() / scale;
    const bool finite = std::isfinite(result.gradNorm);
    if (m_plan.scalesLoss)
        m_scaler.note(finite);
    if (!finite && m_plan.scalesLoss && !m_scaler.isExhausted()) {
        result.skipped = true;
        return result;
    }
    if (!finite) {
        result.trouble =
            fmt::format("the gradient became {}", result.gradNorm) + firstBadGradient(trained(m_network, m_plan));
        return result;
    }
    m_optimizer->step(result.learningRate, nn::Optimizer::clipScale(result.gradNorm, m_plan.maxGradNorm) / scale);
    if (m_adapter)
        m_adapter->afterStep(number);
    return result;
}

std::string StepRunner::firstBad(const ItemList& items, std::int64_t number, std::int64_t epoch, double scale) {
    nn::NamedTensors weights;
    for (const auto& item : m_network.named_parameters())
        weights.emplace_back(item.key(), item.value());
    std::ranges::copy(trained(m_network, m_plan), std::back_inserter(weights));
    if (const std::string bad = firstBadWeights(weights); !bad.empty())
        return bad;
    const nn::LayerProbe probe;
    m_probing = true;
    differentiate(items, number, epoch, scale);
    m_probing = false;
    return firstBadOutput(probe.firstBad(m_network));
}

void StepRunner::findTrouble(ItemList& items, std::string& where) {
    ByteWriter writer;
    writer(items, where);
    for (const std::string& bytes : m_plan.workers->gather(writer.bytes())) {
        ItemList found;
        std::string said;
        ByteReader reader(bytes);
        reader(found, said);
        if (found.empty())
            continue;
        items = std::move(found);
        where = std::move(said);
        return;
    }
}

std::string StepRunner::halveParts() {
    const auto texts = m_learning.size();
    const std::int64_t tokens = paddedTokens(m_learning, m_plan.train->lengths());
    if (texts < 2)
        return {};
    m_mostPartTokens = tokens / 2;
    return fmt::format(
        "memory ran out with {} texts of {} tokens at once: from now on at most {} tokens go through the "
        "network at once; a step still learns from as many texts",
        texts, tokens / static_cast<std::int64_t>(texts), m_mostPartTokens);
}

/// What the method adds to the loss, once a step however many batches it has. \returns its value.
double StepRunner::learnExtra(double scale) const {
    const torch::Tensor extra = m_adapter ? m_adapter->extraLoss() : torch::Tensor();
    if (!extra.defined())
        return 0;
    (extra * scale).backward();
    return extra.item<double>();
}

void StepRunner::noteEvaluation(double value, bool higherIsBetter) {
    if (m_plan.recipe.watchesMetric)
        m_plateau.note(value, higherIsBetter);
}

StepMemory StepRunner::memory() const {
    StepMemory memory = m_optimizer->state();
    if (m_plan.recipe.watchesMetric)
        memory.emplace_back(kPlateauState, toTensor(m_plateau.state()));
    if (m_plan.scalesLoss)
        memory.emplace_back(kScalerState, toTensor(m_scaler.state()));
    return memory;
}

Result<> StepRunner::remember(const StepMemory& memory) {
    const std::map<std::string, torch::Tensor> byName(memory.begin(), memory.end());
    if (const auto found = byName.find(kPlateauState); found != byName.end()) {
        LATHE_TRY(const auto state, toArray<3>(found->second, kPlateauState));
        m_plateau.restore(state);
    }
    if (const auto found = byName.find(kScalerState); found != byName.end()) {
        LATHE_TRY(const auto state, toArray<2>(found->second, kScalerState));
        m_scaler.restore(state);
    }
    return m_optimizer->loadState(memory);
}

}  // namespace lathe::train
