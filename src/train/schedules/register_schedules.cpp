// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The registry of schedules.def.
#include "train/detail/schedule.h"

namespace lathe::train {

#define SCHEDULE(function) ScheduleEntry function();
#include "train/schedules/schedules.def"
#undef SCHEDULE

ScheduleRegistry makeScheduleRegistry() {
    ScheduleRegistry registry;
#define SCHEDULE(function) registry.add(function());
#include "train/schedules/schedules.def"
#undef SCHEDULE
    return registry;
}

}  // namespace lathe::train
