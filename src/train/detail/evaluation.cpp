// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/evaluation.h"

#include <algorithm>
#include <cmath>

#include "nn/torch_guard.h"
#include "train/detail/batch_order.h"
#include "train/detail/objective.h"
#include "train/detail/shared_evaluation.h"

namespace lathe::train {
namespace {

/// Masks of an evaluation are always the same, so that its losses can be compared.
constexpr std::uint64_t kEvaluationSalt = 0x6576616cull;

/// \returns nothing when memory ran out and the batch has more than one item.
std::optional<PassResult> judge(const Objective& objective, nn::Network& network, const TrainBatch& batch,
                                std::size_t items) {
    try {
        return objective.judge(network, batch);
    } catch (...) {
        if (nn::currentTorchError({}).code != ErrorCode::OutOfMemory || items < 2)
            throw;
        return std::nullopt;
    }
}

struct Batch {
    std::size_t place = 0;  ///< in the evaluation
    ItemList items;
};

/// Puts two halves in the place of batch \p i.
void halve(std::vector<Batch>& batches, std::size_t i) {
    ItemList& whole = batches[i].items;
    const auto middle = whole.begin() + static_cast<std::ptrdiff_t>(whole.size() / 2);
    Batch second{.place = batches[i].place, .items = ItemList(middle, whole.end())};
    whole.erase(middle, whole.end());
    batches.insert(batches.begin() + static_cast<std::ptrdiff_t>(i) + 1, std::move(second));
}

/// All of them, or this process's.
std::vector<Batch> batchesFor(const BatchSource& source, const WorkerGroup* workers) {
    std::vector<Batch> batches;
    auto all = evaluationBatches(source.lengths(), kEvaluationTexts, kEvaluationTokens);
    const std::size_t step = workers ? static_cast<std::size_t>(workers->size()) : 1;
    for (std::size_t i = workers ? static_cast<std::size_t>(workers->rank()) : 0; i < all.size(); i += step)
        batches.push_back({.place = i, .items = std::move(all[i])});
    return batches;
}

}  // namespace

std::optional<Scores> evaluate(nn::Network& network, const BatchSource& source, const std::vector<std::string>& metrics,
                               torch::Device device, JobContext& context, WorkerGroup* workers) {
    struct Running {
        const MetricEntry* entry;
        std::unique_ptr<Metric> metric;
    };
    const MetricRegistry registry = makeMetricRegistry();
    std::vector<Running> running;
    for (const auto& id : metrics)
        if (const MetricEntry* entry = registry.find(id))
            running.push_back({entry, entry->make(network.config().labels)});
    const auto objective = source.objective({});
    network.eval();
    bool stopped = false;
    SharedAnswers answers;
    const auto hear = [&](const MetricBatch& said) {
        for (const auto& each : running)
            each.metric->add(said);
    };
    auto batches = batchesFor(source, workers);
    for (std::size_t i = 0; i < batches.size(); ++i) {
        stopped = context.stopRequested();
        if (stopped)
            break;
        const TrainBatch batch = source.make(batches[i].items, kEvaluationSalt);
        const auto pass = judge(*objective, network, batch.to(device), batches[i].items.size());
        if (!pass) {
            halve(batches, i--);
            continue;
        }
        if (pass->targets == 0)
            continue;
        const MetricBatch said{.predicted = pass->predicted.to(torch::kCPU),
                               .targets = batch.targets,
                               .groups = batch.groups,
                               .lossNats = pass->loss * static_cast<double>(pass->targets)};
        if (workers)
            answers.add(batches[i].place, said);
        else
            hear(said);
    }
    network.train();
    if (workers) {
        const auto all = answers.exchange(*workers, stopped);
        stopped = !all;
        if (all)
            std::ranges::for_each(*all, hear);
    }
    if (stopped)
        return std::nullopt;
    Scores scores;
    for (const auto& each : running)
        scores[each.entry->id] = each.metric->value();
    return scores;
}

bool isBetter(const MetricEntry& metric, double value, double best) {
    if (std::isnan(value))
        return false;
    if (std::isnan(best))
        return true;
    return metric.higherIsBetter ? value > best : value < best;
}

}  // namespace lathe::train
