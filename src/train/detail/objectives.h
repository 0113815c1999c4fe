// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The objectives of the tasks beside the plain ones of objective.h. Losses in nats unless said otherwise.
// Thread: compute lane.
#pragma once

#include "train/detail/objective.h"

namespace lathe::train {

/// Any number of labels a text, targets [B, L] float32 of 0 and 1: binary cross-entropy, mean over texts and labels.
/// Says a label where its probability is above 0.5.
std::unique_ptr<Objective> makeAnyLabelObjective(LossOptions options);
/// A number a text, targets [B] float32: squared error, mean over the texts. Of the options R-Drop alone.
std::unique_ptr<Objective> makeScoreObjective(LossOptions options);
/// A label for each of the batch's rows: cross-entropy of a token classification head.
std::unique_ptr<Objective> makeTokenLabelObjective(LossOptions options);

}  // namespace lathe::train
