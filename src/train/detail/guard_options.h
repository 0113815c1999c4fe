// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The options of what a run promises: checkpoints and what happens in trouble. Torch-free.
#pragma once

#include <vector>

#include "core/option_spec.h"

namespace lathe::train {

/// What a run does about a loss or gradient that is not finite.
enum class OnTrouble { Stop, Skip, RollBack };

struct GuardSettings {
    std::int64_t saveEvery = 0;  ///< steps between checkpoints; 0 = at evaluations, as long as that costs little
    OnTrouble onTrouble = OnTrouble::Stop;
};

std::vector<OptionSpec> guardOptions();
/// \p complete: every option of the run.
GuardSettings guardSettingsFrom(const Json& complete);

}  // namespace lathe::train
