// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The peak until the dev metric gains no more, then a fraction of it, and so on.
#include "train/detail/schedule.h"

namespace lathe::train {

ScheduleEntry plateauSchedule() {
    return {.id = "plateau",
            .title = "On a plateau",
            .help = "Is cut whenever the dev metric has stopped getting better.",
            .source = "torch, ReduceLROnPlateau",
            .options = {advanced(realOption("plateau_factor", "Cut on a plateau", 0.5, 0.01, 0.99, "times the rate",
                                            "What the learning rate is multiplied by when the dev metric has stopped "
                                            "getting better.")),
                        advanced(intOption("plateau_patience", "Patience on a plateau", 2, 0, 1000, "evaluations",
                                           "Evaluations without gain that are put up with before the learning rate is "
                                           "cut."))},
            .watchesMetric = true};
}

}  // namespace lathe::train
