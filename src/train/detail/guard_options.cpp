// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/guard_options.h"

namespace lathe::train {

std::vector<OptionSpec> guardOptions() {
    return {
        advanced(intOption("save_every", "Save every", 0, 0, 1000000, "steps",
                           "Steps between checkpoints that a killed run can go on from; 0 = at evaluations, as long as "
                           "saving takes no more than a twentieth of the time.")),
        advanced(choiceOption("on_trouble", "In trouble", "stop", {"stop", "skip", "roll_back"},
                              "What happens when a step's loss or gradient is not a number: stop the run, skip the "
                              "step, or go back to the last checkpoint and on with half the learning rate.")),
    };
}

GuardSettings guardSettingsFrom(const Json& complete) {
    GuardSettings settings;
    settings.saveEvery = complete.value("save_every", std::int64_t{0});
    const std::string trouble = complete.value("on_trouble", std::string("stop"));
    settings.onTrouble = trouble == "skip"        ? OnTrouble::Skip
                         : trouble == "roll_back" ? OnTrouble::RollBack
                                                  : OnTrouble::Stop;
    return settings;
}

}  // namespace lathe::train
