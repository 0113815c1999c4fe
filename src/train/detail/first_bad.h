// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Where a step's numbers first went bad, in words for people. Thread: compute lane.
#pragma once

#include <string>

#include "nn/safetensors.h"

namespace lathe::train {

/// " (first bad: the weights NAME)" when some are not finite; else empty.
std::string firstBadWeights(const nn::NamedTensors& weights);
/// Gradients flow from the loss back to the first layer, so the first bad one is the last of \p parameters, which are
/// in order of computing. Also says when each is finite, and only their norm is too large.
std::string firstBadGradient(const nn::NamedTensors& parameters);
/// " (first bad: the output of layer NAME)", or what is to be said when no layer is to blame.
std::string firstBadOutput(const std::string& layer);

}  // namespace lathe::train
