// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The peak throughout.
#include "train/detail/schedule.h"

namespace lathe::train {

ScheduleEntry constantSchedule() {
    return {.id = "constant",
            .title = "Constant",
            .help = "Stays where the warm-up ends.",
            .source = "Transformers, get_constant_schedule_with_warmup",
            .options = {}};
}

}  // namespace lathe::train
