// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The learning rate over a phase: linear warm-up, then decay.
#pragma once

#include <cstdint>
#include <string_view>

namespace lathe::train {

enum class Decay { Linear, Cosine, Constant };
Decay decayFromName(std::string_view name);  ///< "linear", "cosine"; anything else is constant

struct Schedule {
    double peak = 0;
    std::int64_t warmupSteps = 0;
    std::int64_t totalSteps = 0;
    Decay decay = Decay::Linear;
};

/// The rate of optimizer step \p step (1-based). Warm-up: peak * step / warmupSteps, so that no step is wasted on a
/// rate of zero. Then linear: peak * (totalSteps - step + 1) / (totalSteps - warmupSteps), which is the rate that
/// get_linear_schedule_with_warmup of Transformers has for that step.
double learningRateAt(const Schedule& schedule, std::int64_t step);

}  // namespace lathe::train
