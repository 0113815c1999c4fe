// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// README.md of a trained model: what it is, what it was trained on, how good it is, how it was made. Torch-free.
#pragma once

#include "train/trainer.h"

namespace lathe::train {

std::string modelCard(const TrainRequest& request, const Json& options, const Dataset& data,
                      const TrainOutcome& outcome);

}  // namespace lathe::train
