// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli train --data: a run from data files to a model folder, without a project.
#pragma once

#include <filesystem>
#include <utility>

#include "cli/train_plan.h"
#include "train/trainer.h"

namespace lathe::cli {

struct FileTraining {
    TrainWords words;
    std::filesystem::path data, dev, out;  ///< \p dev may be empty
    bool resume = false;                   ///< the run in \p out
};
/// The run folder is out/run, the model's out/model. Without a task that of the model's which reads what the file
/// holds. \returns what readDataset and planTraining do; InvalidInput when the model can learn nothing from the file.
Result<std::pair<train::TrainRequest, train::Dataset>> prepareFileTraining(const FileTraining& wanted);

}  // namespace lathe::cli
