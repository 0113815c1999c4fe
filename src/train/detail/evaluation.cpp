// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/evaluation.h"

#include <algorithm>
#include <cmath>

#include "nn/torch_guard.h"
#include "train/detail/batch_order.h"
#include "train/detail/objective.h"

namespace lathe::train {
namespace {

constexpr std::int64_t kEvaluationTexts = 256;
constexpr std::int64_t kEvaluationTokens = 8192;
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

/// Puts two halves in the place of batch \p i.
void halve(std::vector<ItemList>& batches, std::size_t i) {
    ItemList& whole = batches[i];
    const auto middle = whole.begin() + static_cast<std::ptrdiff_t>(whole.size() / 2);
    ItemList second(middle, whole.end());
    whole.erase(middle, whole.end());
    batches.insert(batches.begin() + static_cast<std::ptrdiff_t>(i) + 1, std::move(second));
}

}  // namespace

std::optional<Scores> evaluate(nn::Network& network, const BatchSource& source, const std::vector<std::string>& metrics,
                               torch::Device device, JobContext& context) {
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
    auto batches = evaluationBatches(source.lengths(), kEvaluationTexts, kEvaluationTokens);
    for (std::size_t i = 0; i < batches.size(); ++i) {
        stopped = context.stopRequested();
        if (stopped)
            break;
        const TrainBatch batch = source.make(batches[i], kEvaluationSalt);
        const auto pass = judge(*objective, network, batch.to(device), batches[i].size());
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
        for (const auto& each : running)
            each.metric->add(said);
    }
    network.train();
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
