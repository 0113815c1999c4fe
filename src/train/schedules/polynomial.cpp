// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// From the peak to an end rate by a power of what is left.
#include <algorithm>
#include <cmath>

#include "train/detail/schedule.h"

namespace lathe::train {

namespace {

double polynomial(const Schedule& schedule, std::int64_t done) {
    const double end = schedule.peak > 0 ? schedule.endRate / schedule.peak : 0;
    const auto span = std::max<std::int64_t>(1, schedule.totalSteps - schedule.warmupSteps);
    const double left =
        std::clamp(static_cast<double>(schedule.totalSteps - done) / static_cast<double>(span), 0.0, 1.0);
    return (1 - end) * std::pow(left, schedule.power) + end;
}

}  // namespace

ScheduleEntry polynomialSchedule() {
    return {.id = "polynomial",
            .title = "Polynomial",
            .help = "Falls to a rate of its own by a power of the steps that are left.",
            .source = "Transformers, get_polynomial_decay_schedule_with_warmup",
            .options = {advanced(realOption("decay_power", "Power of the decay", 2, 0.1, 10, "-",
                                            "How steeply a polynomial decay begins; 1 = a straight line.")),
                        advanced(realOption("decay_end_rate", "Rate at the end", 1e-7, 0, 10, "per step",
                                            "Learning rate that a polynomial decay ends at."))},
            .curve = polynomial};
}

}  // namespace lathe::train
