// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A run of the n-gram classifier, with the same facade, folder and curves as the others. Torch-free.
// Thread: compute lane.
#pragma once

#include "train/detail/run_recorder.h"
#include "train/detail/settings.h"

namespace lathe::train {

/// One StepReport an epoch (step = epoch). \returns what train() does; Canceled when it was stopped: nothing is kept
/// then.
Result<TrainOutcome> runNgram(const TrainRequest& request, const Settings& settings, const Json& options,
                              const Dataset& data, RunRecorder& recorder, JobContext& context);

}  // namespace lathe::train
