// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The run's network and adapter are made without their weights being touched, counted and dropped.
#include "train/estimate.h"

#include <algorithm>

#include "nn/blocks/init.h"
#include "nn/blocks/linear.h"
#include "nn/torch_guard.h"
#include "train/detail/compute.h"
#include "train/detail/fresh_model.h"
#include "train/detail/method.h"
#include "train/detail/settings.h"
#include "train/detail/task.h"

namespace lathe::train {
namespace {

/// Bytes of a text that make a token, at the least: pieces of words are longer, characters of CJK as long.
constexpr std::size_t kBytesPerToken = 3;
constexpr double kMasterBytes = 4, kHalfBytes = 2;
/// What the optimizer keeps of each number that trains: two moments, one, or (Adafactor's rows and columns) hardly any.
double momentBytes(const std::string& optimizer) {
    return optimizer == "adamw" ? 8 : optimizer == "adafactor" ? 0.1 : 4;
}
/// Pieces of logits that a step over tokens holds: numbers, probabilities and their gradient (objective.cpp).
constexpr double kLogitBytes = 3 * 4.0 * (4 << 20);

/// The config of the network that fine-tuning starts from.
Result<nn::NetworkConfig> tunedConfig(const TrainRequest& request, const Settings& settings, const Dataset& data,
                                      std::int64_t virtualTokens) {
    const auto tasks = makeTaskRegistry();
    const TaskEntry& task = *tasks.find(settings.task);
    const std::vector<std::string> labels = task.labels ? task.labels(data) : std::vector<std::string>();
    if (settings.origin != ModelOrigin::Folder)
        return freshConfigOf(settings, task.head, task.problem, labels,
                             {.vocabSize = settings.vocabSize, .virtualTokens = virtualTokens});
    return configForTraining(request.model, task, labels);
}

class Counter {
public:
    Counter(const nn::Network& network, const Method& method, nn::Precision precision, const Settings& settings)
        : m_network(network),
          m_method(method),
          m_half(precision != nn::Precision::Float32),
          m_recomputes(settings.gradientCheckpointing),
          m_optimizer(settings.recipe.optimizer) {}

    TrainEstimate count(BatchShape longest) const {
        TrainEstimate result;
        const auto adapter = m_method.adapter();
        const std::int64_t added = adapter ? adapter->parameterCount() : 0;
        result.parameters = m_network.parameterCount() + added;
        for (const auto& [name, parameter] : m_method.parameters())
            result.trainable += parameter.numel();
        result.weightBytes = baseBytes() + kMasterBytes * static_cast<double>(added);
        result.gradientBytes = kMasterBytes * static_cast<double>(result.trainable);
        result.optimizerBytes = momentBytes(m_optimizer) * static_cast<double>(result.trainable);
        result.activationBytes = activations(longest);
        result.longest = longest;
        return result;
    }

private:
    /// Elements of the linear layers between embeddings and head, and of their rows.
    struct Linears {
        double weights = 0, rows = 0;
    };
    Linears linears() const {
        Linears all;
        for (const auto& module : m_network.modules(false))
            if (const auto* linear = dynamic_cast<const nn::Linear*>(module.get());
                linear && linear->out() != m_network.config().vocabSize) {
                all.weights += static_cast<double>(linear->weight.numel());
                all.rows += static_cast<double>(linear->out());
            }
        return all;
    }

    double baseBytes() const {
        const auto parameters = static_cast<double>(m_network.parameterCount());
        const Linears linear = linears();
        const double narrow = m_half ? kHalfBytes : kMasterBytes;
        switch (m_method.baseWeights()) {
            case BaseWeights::Trained:
                return kMasterBytes * parameters + (m_half ? kHalfBytes * linear.weights : 0);
            case BaseWeights::Frozen:
                return narrow * parameters;
            case BaseWeights::FrozenInt8:
                break;
        }
        return narrow * (parameters - linear.weights) + linear.weights + kMasterBytes * linear.rows;
    }

    /// Per token and layer: the stream and its norms in float32; queries, keys, values, context and the wide inner
    /// activations in the type of the products; and for an adapter its own float32 copies of what its layers read.
    double activations(BatchShape longest) const {
        const nn::NetworkConfig& config = m_network.config();
        const auto tokens = static_cast<double>(longest.texts * (longest.tokens + m_method.virtualTokens()));
        const auto channels = static_cast<double>(config.hiddenSize),
                   wide = static_cast<double>(config.intermediateSize);
        const double type = m_half ? kHalfBytes : kMasterBytes;
        const double kept = 16 * channels + type * (7 * channels + 3 * wide) + adapterInputs();
        const auto layers = static_cast<double>(config.layers);
        const double stack = m_recomputes ? layers * 8 * channels + kept : layers * kept;
        const bool writes = config.head != nn::Head::SequenceClassification;
        return tokens * stack + (writes ? kLogitBytes : 0);
    }

    /// Bytes a token and layer.
    double adapterInputs() const {
        double bytes = 0;
        for (const auto& module : m_network.modules(false)) {
            if (const auto* linear = dynamic_cast<const nn::Linear*>(module.get()))
                for (std::size_t i = 0; i < linear->adapters.size(); ++i)
                    bytes += kMasterBytes * static_cast<double>(linear->in());
        }
        return bytes / static_cast<double>(std::max<std::int64_t>(1, m_network.config().layers));
    }

    const nn::Network& m_network;
    const Method& m_method;
    bool m_half, m_recomputes;
    std::string m_optimizer;
};

/// What goes into one row of a batch.
std::size_t rowBytes(const Example& example, bool inTwoRows) {
    std::size_t bytes = example.text.size() + example.answer.size();
    for (const auto& message : example.messages)
        bytes += message.text.size();
    bytes += std::max(example.chosen.size(), example.rejected.size());
    return inTwoRows ? std::max(bytes, example.second.size()) : bytes + example.second.size();
}

BatchShape longestOf(const Settings& settings, const Dataset& data) {
    const auto tasks = makeTaskRegistry();
    const DataKind kind = tasks.find(settings.task)->data;
    std::size_t bytes = 0;
    for (const Example& example : data.train)
        bytes = std::max(bytes, rowBytes(example, kind == DataKind::Match));
    if (kind == DataKind::Text)
        for (const std::string& text : data.unlabelled)
            bytes = std::max(bytes, text.size());
    // two for what stands around a text
    const auto tokens = static_cast<std::int64_t>(bytes / kBytesPerToken) + 2;
    BatchShape longest{settings.batchSize, std::min(settings.maxTokens, tokens)};
    if (settings.batchTokens > 0)
        longest.texts = std::clamp<std::int64_t>(settings.batchTokens / longest.tokens, 1, longest.texts);
    if (kind == DataKind::Match || kind == DataKind::Preference)
        longest.texts *= 2;  // a pair is two rows
    return longest;
}

}  // namespace

Json toJson(const TrainEstimate& estimate) {
    return {{"parameters", estimate.parameters},
            {"trainable_parameters", estimate.trainable},
            {"weight_bytes", estimate.weightBytes},
            {"gradient_bytes", estimate.gradientBytes},
            {"optimizer_bytes", estimate.optimizerBytes},
            {"activation_bytes", estimate.activationBytes},
            {"total_bytes", estimate.totalBytes()},
            {"longest_batch", {{"texts", estimate.longest.texts}, {"tokens", estimate.longest.tokens}}}};
}

Result<TrainEstimate> estimateTraining(const TrainRequest& request, const Dataset& data) {
    LATHE_TRY(const ModelChoice choice, choiceOf(request.model));
    LATHE_TRY(const Json options, completeRequest(choice, request));
    return estimateTraining(request, data, longestOf(settingsFrom(choice, options), data));
}

Result<TrainEstimate> estimateTraining(const TrainRequest& request, const Dataset& data, BatchShape longest) {
    LATHE_TRY(const ModelChoice choice, choiceOf(request.model));
    LATHE_TRY(const Json options, completeRequest(choice, request));
    const Settings settings = settingsFrom(choice, options);
    if (settings.origin == ModelOrigin::Ngram)
        return TrainEstimate{};
    LATHE_TRY(const torch::Device device, deviceFor(settings.device));
    const nn::Precision precision = precisionFor(settings.precision, device);
    const auto method = makeMethodRegistry().find(request.method)->make(options);
    return nn::guardTorch("estimating the training", [&]() -> Result<TrainEstimate> {
        LATHE_TRY(const nn::NetworkConfig config, tunedConfig(request, settings, data, method->virtualTokens()));
        const nn::UnsetWeights unset;
        const auto registry = nn::makeArchitectureRegistry();
        const auto network = registry.find(config.architecture)->make(config);
        LATHE_CHECK(method->prepare({.network = network, .seed = settings.seed, .totalSteps = 1}));
        return Counter(*network, *method, precision, settings).count(longest);
    });
}

}  // namespace lathe::train
