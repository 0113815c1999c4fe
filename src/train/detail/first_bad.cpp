// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/first_bad.h"

#include <fmt/format.h>

#include <ranges>

#include "nn/layer_probe.h"

namespace lathe::train {

std::string firstBadWeights(const nn::NamedTensors& weights) {
    for (const auto& [name, tensor] : weights)
        if (!nn::isFinite(tensor))
            return fmt::format(" (first bad: the weights {})", name);
    return {};
}

std::string firstBadGradient(const nn::NamedTensors& parameters) {
    for (const auto& [name, tensor] : std::views::reverse(parameters))
        if (!nn::isFinite(tensor.grad()))
            return fmt::format(" (first bad: the gradient of {})", name);
    return " (each gradient is finite, but their norm is too large for a number)";
}

std::string firstBadOutput(const std::string& layer) {
    return layer.empty() ? " (every layer's output is finite: the loss itself is not)"
                         : fmt::format(" (first bad: the output of {})", layer);
}

}  // namespace lathe::train
