// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// One over the square root of the steps.
#include <cmath>

#include "train/detail/schedule.h"

namespace lathe::train {

namespace {

constexpr std::int64_t kTimescaleWithoutWarmup = 10'000;

double inverseSqrt(const Schedule& schedule, std::int64_t done) {
    const std::int64_t timescale = schedule.timescale > 0     ? schedule.timescale
                                   : schedule.warmupSteps > 0 ? schedule.warmupSteps
                                                              : kTimescaleWithoutWarmup;
    return std::sqrt(static_cast<double>(timescale) / static_cast<double>(done + timescale - schedule.warmupSteps));
}

}  // namespace

ScheduleEntry inverseSqrtSchedule() {
    return {.id = "inverse_sqrt",
            .title = "Inverse square root",
            .help = "Falls by the square root of the steps, whatever the length of the run.",
            .source = "arXiv:1706.03762, 5.3",
            .options = {advanced(intOption("decay_timescale", "Time scale of the decay", 0, 0, 1 << 30, "steps",
                                           "Steps over which an inverse square root decay falls to 0.7; 0 = the "
                                           "warm-up's length."))},
            .curve = inverseSqrt};
}

}  // namespace lathe::train
