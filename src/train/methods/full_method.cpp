// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Full fine-tuning: every weight is trained.
#include "train/detail/method.h"

namespace lathe::train {
namespace {

class FullMethod final : public OwnWeightsMethod {
    bool trains(const nn::NetworkConfig&, const std::string&) const override { return true; }
    std::string nothingTrains(const nn::NetworkConfig&) const override { return "the model has no weights"; }
};

}  // namespace

MethodEntry fullMethod() {
    return {.id = "full",
            .title = "All weights",
            .help = "Trains every weight of the model: the most to gain, the most memory.",
            .source = "arXiv:1801.06146",
            .options = {},
            .make = [](const Json&) { return std::make_unique<FullMethod>(); }};
}

}  // namespace lathe::train
