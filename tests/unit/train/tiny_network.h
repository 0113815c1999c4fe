// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Networks, texts and plans for tests of single steps.
#pragma once

#include <torch/torch.h>

#include "core/random.h"
#include "nn/network.h"
#include "train/detail/batch_source.h"
#include "train/detail/compute.h"
#include "train/detail/phase.h"

namespace lathe::test {

inline std::shared_ptr<nn::Network> tinyNetwork(const std::string& architecture, nn::Head head, double dropout = 0,
                                                std::size_t labels = 3) {
    static const std::vector<std::string> kNames{"a", "b", "c"};
    torch::manual_seed(11);
    nn::FreshShape shape;
    shape.vocabSize = 60;
    shape.layers = 2;
    shape.hiddenSize = 32;
    shape.heads = 2;
    shape.maxPositions = 64;
    const auto registry = nn::makeArchitectureRegistry();
    const auto* entry = registry.find(architecture);
    const auto config = entry->parse(nn::freshConfig(
        architecture, head, shape,
        std::vector<std::string>(kNames.begin(), kNames.begin() + static_cast<std::ptrdiff_t>(labels))));
    if (!config)
        return nullptr;
    auto network = entry->make(*config);
    network->setDropout(dropout);
    network->train();
    return network;
}

/// Texts of 4 to 19 tokens with labels 0 to 2.
inline train::EncodedSet tinyTexts(std::int32_t count) {
    train::EncodedSet set;
    Random random(5);
    for (std::int32_t i = 0; i < count; ++i) {
        train::EncodedText text{.ids = {1}, .label = i % 3};
        for (std::uint64_t length = 2 + random.below(16); length > 0; --length)
            text.ids.push_back(static_cast<text::TokenId>(10 + random.below(50)));
        text.ids.push_back(2);
        set.add(text);
    }
    return set;
}

inline train::PhasePlan tinyPlan(const train::BatchSource& source) {
    train::PhasePlan plan;
    plan.train = &source;
    plan.schedule.peak = 1e-3;
    plan.schedule.totalSteps = 100;
    plan.weightDecay = 0.01;
    plan.maxGradNorm = 1;
    return plan;
}

inline std::vector<torch::Tensor> weightsOf(const nn::Network& network) {
    std::vector<torch::Tensor> all;
    for (const auto& parameter : network.parameters())
        all.push_back(parameter.detach().clone());
    return all;
}

/// The largest difference between two networks' weights.
inline double apart(const std::vector<torch::Tensor>& a, const std::vector<torch::Tensor>& b) {
    double most = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        most = std::max(most, (a[i] - b[i]).abs().max().item<double>());
    return most;
}

}  // namespace lathe::test
