// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lathe::train {

Decay decayFromName(std::string_view name) {
    return name == "linear" ? Decay::Linear : name == "cosine" ? Decay::Cosine : Decay::Constant;
}

double learningRateAt(const Schedule& schedule, std::int64_t step) {
    if (step <= schedule.warmupSteps)
        return schedule.peak * static_cast<double>(step) / static_cast<double>(schedule.warmupSteps);
    const double span = static_cast<double>(std::max<std::int64_t>(1, schedule.totalSteps - schedule.warmupSteps));
    const double left = std::clamp(static_cast<double>(schedule.totalSteps - step + 1) / span, 0.0, 1.0);
    switch (schedule.decay) {
        case Decay::Linear:
            return schedule.peak * left;
        case Decay::Cosine:
            return schedule.peak * 0.5 * (1 - std::cos(std::numbers::pi * left));
        case Decay::Constant:
            break;
    }
    return schedule.peak;
}

}  // namespace lathe::train
