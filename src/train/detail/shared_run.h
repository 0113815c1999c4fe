// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the processes of a run share before and while they train: the request and the data, which rank 0 alone reads;
// the files of its run folder, so that no other machine needs to see it; and the proof that all do the same.
// Thread: compute lane.
#pragma once

#include "nn/network.h"
#include "train/detail/phase.h"
#include "train/detail/worker_group.h"
#include "train/trainer.h"

namespace lathe::train {

struct SharedRun {
    TrainRequest request;  ///< complete: every option; no folders
    Dataset data;
};
/// For rank 0. \throws WorkerLost
void giveRun(WorkerGroup& group, const TrainRequest& request, const Json& options, const Dataset& data);
/// For the others. \throws WorkerLost
SharedRun takeRun(WorkerGroup& group);

/// Rank 0's \p folder, without what nobody reads again (logs, metrics, best/), into the others' \p folder.
/// \returns Io. \throws WorkerLost
Result<> shareRunFolder(WorkerGroup& group, const std::filesystem::path& folder);

/// Before a phase: all have the same plan and the same frozen weights, and from now on the trained weights of rank 0.
/// \returns InvalidInput naming the rank that differs, and in what. \throws WorkerLost
Result<> agree(WorkerGroup& group, const nn::Network& network, const PhasePlan& plan);

}  // namespace lathe::train
