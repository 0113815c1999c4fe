// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Half a cosine from the peak to zero.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "train/detail/schedule.h"

namespace lathe::train {

namespace {

double cosine(const Schedule& schedule, std::int64_t done) {
    const auto span = std::max<std::int64_t>(1, schedule.totalSteps - schedule.warmupSteps);
    const double passed =
        std::clamp(static_cast<double>(done - schedule.warmupSteps) / static_cast<double>(span), 0.0, 1.0);
    return 0.5 * (1 + std::cos(std::numbers::pi * passed));
}

}  // namespace

ScheduleEntry cosineSchedule() {
    return {.id = "cosine",
            .title = "Cosine",
            .help = "Falls slowly, then fast, then slowly to zero.",
            .source = "arXiv:1608.03983",
            .options = {},
            .curve = cosine};
}

}  // namespace lathe::train
