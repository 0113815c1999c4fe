// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Trains the task's head alone, on features that the frozen model gives.
#include <fmt/format.h>

#include "train/detail/method.h"

namespace lathe::train {
namespace {

class HeadMethod final : public OwnWeightsMethod {
    bool trains(const nn::NetworkConfig&, const std::string& name) const override { return isHeadParameter(name); }
    std::string nothingTrains(const nn::NetworkConfig& config) const override {
        return fmt::format(
            "method head cannot train this {} model: its output layer shares its weights with the "
            "input embedding; choose last_layers or full",
            config.architecture);
    }
};

}  // namespace

MethodEntry headMethod() {
    return {.id = "head",
            .title = "Classifier head only",
            .help = "Trains the small layer on top and keeps the model as it is: the fastest, good for a first look.",
            .source = "arXiv:1903.05987",
            .options = {},
            .make = [](const Json&) { return std::make_unique<HeadMethod>(); },
            .rateFactor = 20};
}

}  // namespace lathe::train
