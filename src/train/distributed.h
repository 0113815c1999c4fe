// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// One run on several processes: what a launcher (torchrun, Slurm, Kubernetes' PyTorchJob) told this one, and how the
// processes meet. Each has all weights and learns from its share of every batch; the first one decides and writes.
// Torch-free. \source "data parallel", Li et al. arXiv:2006.15704
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/result.h"
#include "train/trainer.h"

namespace lathe::train {

/// A launcher's words to one process.
struct Launch {
    int rank = 0;  ///< 0 .. size - 1; 0 decides and writes
    int size = 1;
    int localRank = 0;  ///< among the processes of this machine: which CUDA device is this one's
    int localSize = 0;  ///< processes on this machine; 0 = not told
    std::string host;   ///< where the process of rank 0 is
    std::uint16_t port = 0;
    int attempt = 0;  ///< how often the launcher has begun anew
};

/// A variable's value, or nothing when it is not set.
using Variables = std::function<std::optional<std::string>(const char* name)>;

/// Reads WORLD_SIZE, RANK, LOCAL_RANK, LOCAL_WORLD_SIZE, MASTER_ADDR, MASTER_PORT and what torchrun adds to them: it
/// answers at MASTER_PORT itself, in the language of its own version, so that the processes meet one port higher.
/// \returns nothing for a process that is on its own; InvalidInput: half of them, or values that cannot be.
Result<std::optional<Launch>> launchFrom(const Variables& variables);
/// The same from the process's environment.
Result<std::optional<Launch>> launchFromEnvironment();

/// The processes of a run, met. Thread: compute lane.
class WorkerGroup;

/// Waits for the others. \param patienceSeconds how long a process may give no sign of life, here and later on.
/// \returns InvalidInput, Io (who did not come), Unsupported when Lathe was built without c10d.
Result<std::shared_ptr<WorkerGroup>> meetWorkers(const Launch& launch, double patienceSeconds);
bool isFirst(const WorkerGroup& group);
/// Threads for each of the processes that share this machine, so that they do not fight over its cores.
int threadsFor(const WorkerGroup& group);
/// What a user does to go on with the run, said when a process was lost. For rank 0, before train().
void sayHowToResume(WorkerGroup& group, const std::string& words);

/// The part of all ranks but 0, whose train() has the group in its request: request and data come from there, and
/// nothing is written but to a folder for the time being. \returns what train() does.
Result<TrainOutcome> followTraining(const std::shared_ptr<WorkerGroup>& group, JobContext& context);

}  // namespace lathe::train
