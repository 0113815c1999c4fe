// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A straight line from the peak to zero.
#include <algorithm>

#include "train/detail/schedule.h"

namespace lathe::train {

namespace {

double linear(const Schedule& schedule, std::int64_t done) {
    const auto span = std::max<std::int64_t>(1, schedule.totalSteps - schedule.warmupSteps);
    return std::clamp(static_cast<double>(schedule.totalSteps - done) / static_cast<double>(span), 0.0, 1.0);
}

}  // namespace

ScheduleEntry linearSchedule() {
    return {.id = "linear",
            .title = "Linear",
            .help = "Falls on a straight line to zero.",
            .source = "Transformers, get_linear_schedule_with_warmup",
            .options = {},
            .curve = linear};
}

}  // namespace lathe::train
