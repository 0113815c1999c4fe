// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/schedule.h"

namespace lathe::train {

RateCurve rateCurve(const std::string& id) {
    const ScheduleRegistry registry = makeScheduleRegistry();
    const ScheduleEntry* entry = registry.find(id);
    return entry ? entry->curve : nullptr;
}

double learningRateAt(const Schedule& schedule, std::int64_t step) {
    if (step <= schedule.warmupSteps)
        return schedule.peak * static_cast<double>(step) / static_cast<double>(schedule.warmupSteps);
    return schedule.curve ? schedule.peak * schedule.curve(schedule, step - 1) : schedule.peak;
}

}  // namespace lathe::train
