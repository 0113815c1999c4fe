// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Fresh weights, as the reference implementations draw them.
#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <string_view>

namespace lathe::nn {

/// While one lives on this thread, new networks leave their weights unset: they are about to be loaded.
class UnsetWeights {
public:
    UnsetWeights();
    ~UnsetWeights();
    UnsetWeights(const UnsetWeights&) = delete;
    UnsetWeights& operator=(const UnsetWeights&) = delete;
    static bool isActive();
};

/// Biases 0, vectors named weight (norms) 1, matrices normal(0, \p range). \p name: the parameter's.
void initialiseParameter(std::string_view name, torch::Tensor parameter, double range);
/// All of a network's parameters, unless UnsetWeights is active. \p padRow: that row of \p embedding becomes 0.
void initialise(torch::nn::Module& network, double range, torch::Tensor embedding, std::int64_t padRow);

}  // namespace lathe::nn
