// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The registry of optimizers.def.
#include "nn/optimizers/optimizer.h"

namespace lathe::nn {

#define OPTIMIZER(function) OptimizerEntry function();
#include "nn/optimizers/optimizers.def"
#undef OPTIMIZER

OptimizerRegistry makeOptimizerRegistry() {
    OptimizerRegistry registry;
#define OPTIMIZER(function) registry.add(function());
#include "nn/optimizers/optimizers.def"
#undef OPTIMIZER
    return registry;
}

}  // namespace lathe::nn
