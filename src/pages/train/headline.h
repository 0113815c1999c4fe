// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The few numbers that a run's reports come down to. Pure functions.
#pragma once

#include <QString>

#include <span>
#include <string>

#include "train/trainer.h"

namespace lathe::pages {

/// NaN where nothing was measured. Only the training phase counts for what is best; pre-training before it.
struct Headline {
    double bestAccuracy = train::kNoValue;
    double bestMacroF1 = train::kNoValue;      ///< at the best step
    double devLoss = train::kNoValue;          ///< at the best step
    double trainLoss = train::kNoValue;        ///< latest
    double tokensPerSecond = train::kNoValue;  ///< latest
    double seconds = 0;
    std::int64_t bestStep = 0;
    std::int64_t steps = 0;
    std::int64_t totalSteps = 0;
    bool pretraining = false;  ///< the training phase has not begun
};

/// Best: highest dev macro-F1 where it is measured, else lowest dev loss, as the trainer's "auto".
/// \p keptStep the step whose model was kept, when the run says so; 0 = judge by macro-F1, without labels by the dev
/// loss.
Headline headline(std::span<const train::StepReport> reports, std::int64_t keptStep = 0);

/// The engine's stage words as the page shows them.
QString stageText(const std::string& stage);

}  // namespace lathe::pages
