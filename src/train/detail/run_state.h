// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// RunState: where a run is. What checkpoints/last/state.json holds beside weights and moments. Torch-free.
#pragma once

#include "train/trainer.h"

namespace lathe::train {

/// The best evaluation so far. step 0 = none.
struct Best {
    std::int64_t step = 0;
    double value = kNoValue;  ///< of the metric that decides
    double devLoss = kNoValue;
    double devAccuracy = kNoValue;
    double devMacroF1 = kNoValue;
    Scores scores = {};  ///< every metric of the task
};

/// Random numbers are functions of (seed, phase, step) and the order of texts of (seed, epoch), so that step is all the
/// position there is: epoch and place in the epoch are kept for people to read.
struct RunState {
    std::string phase = "train";
    std::int64_t step = 0;  ///< optimizer steps done in this phase
    std::int64_t totalSteps = 0;
    double epoch = 0;
    Best best;
    std::int64_t evaluationsWithoutGain = 0;
    std::int64_t lastEvaluation = 0;  ///< step; behind step when a stop came while an evaluation was due
    std::int64_t tokens = 0;          ///< real tokens trained on, all phases
    double trainSeconds = 0;          ///< steps and evaluations, pauses left out
    double elapsedSeconds = 0;        ///< since the start, pauses and the time between stop and resume left out
    std::int64_t truncatedTexts = 0;
    double rateFactor = 1;               ///< on the planned learning rate: asked for by the user, or after trouble
    std::int64_t mostPartTokens = 0;     ///< StepRunner::mostPartTokens(): memory ran out with more
    Json watch;                          ///< LossWatch::state()
    std::vector<std::int64_t> leaveOut;  ///< steps that are passed over, because they led to trouble
};

Json toJson(const RunState& state);
/// \returns Parse or InvalidInput naming what is wrong.
Result<RunState> runStateFrom(const Json& json);

}  // namespace lathe::train
