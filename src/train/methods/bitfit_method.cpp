// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// BitFit: trains the biases and the task's head, a thousandth of a model.
#include <fmt/format.h>

#include "nn/blocks/init.h"
#include "nn/torch_guard.h"
#include "train/detail/method.h"

namespace lathe::train {
namespace {

bool isBias(const std::string& name) {
    return name == "bias" || name.ends_with(".bias");
}

/// The heads that classify are as fresh as the task; those that make tokens come with the model.
bool isFreshHead(const nn::NetworkConfig& config, const std::string& name) {
    return (config.head == nn::Head::SequenceClassification || config.head == nn::Head::TokenClassification) &&
           isHeadParameter(name);
}

class BitFitMethod final : public OwnWeightsMethod {
    bool trains(const nn::NetworkConfig& config, const std::string& name) const override {
        return isBias(name) || isFreshHead(config, name);
    }
    std::string nothingTrains(const nn::NetworkConfig& config) const override {
        return fmt::format("method bitfit trains biases, and this {} model has none; choose lora", config.architecture);
    }
};

/// Llama's family has no biases. The network is made without its weights being touched, which costs next to nothing.
bool hasBiases(const nn::NetworkConfig& config) {
    const auto registry = nn::makeArchitectureRegistry();
    const nn::ArchitectureEntry* entry = registry.find(config.architecture);
    const auto found = nn::guardTorch("looking for biases", [&]() -> Result<bool> {
        const nn::UnsetWeights unset;
        for (const auto& item : entry->make(config)->named_parameters())
            if (isBias(item.key()))
                return true;
        return false;
    });
    return entry && found && *found;
}

}  // namespace

MethodEntry bitFitMethod() {
    return {.id = "bitfit",
            .title = "Biases only (BitFit)",
            .help = "Trains the biases and the head, a thousandth of the weights: little memory, good on small data.",
            .source = "arXiv:2106.10199",
            .options = {},
            .make = [](const Json&) { return std::make_unique<BitFitMethod>(); },
            .rateFactor = 20,
            .fits = hasBiases};
}

}  // namespace lathe::train
