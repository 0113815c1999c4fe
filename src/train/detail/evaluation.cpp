// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/evaluation.h"

#include <algorithm>
#include <cmath>

#include "train/detail/batch_order.h"
#include "train/detail/objective.h"

namespace lathe::train {
namespace {

constexpr std::int64_t kEvaluationTexts = 256;
constexpr std::int64_t kEvaluationTokens = 8192;
/// Masks of an evaluation are always the same, so that its losses can be compared.
constexpr std::uint64_t kEvaluationSalt = 0x6576616cull;

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
    for (const auto& items : evaluationBatches(source.lengths(), kEvaluationTexts, kEvaluationTokens)) {
        stopped = context.stopRequested();
        if (stopped)
            break;
        const TrainBatch batch = source.make(items, kEvaluationSalt);
        const PassResult pass = objective->judge(network, batch.to(device));
        if (pass.targets == 0)
            continue;
        const MetricBatch said{.predicted = pass.predicted.to(torch::kCPU),
                               .targets = batch.targets,
                               .groups = batch.groups,
                               .lossNats = pass.loss * static_cast<double>(pass.targets)};
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
