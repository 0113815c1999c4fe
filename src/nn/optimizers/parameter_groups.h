// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which weights decay. Thread: any.
#pragma once

#include <torch/nn/module.h>

#include <set>
#include <string>

namespace lathe::nn {

/// The names of the parameters that weight decay leaves alone: those of layer norms, and every one with "bias" in its
/// name or a norm's name in its path. \source Trainer.get_decay_parameter_names of Transformers 5
std::set<std::string> namesWithoutDecay(const torch::nn::Module& network);

}  // namespace lathe::nn
