// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A phase of a run (pre-training or training): epochs of batches through one network with one optimizer.
// Thread: compute lane.
#pragma once

#include "train/detail/batch_order.h"
#include "train/detail/checkpoint.h"
#include "train/detail/clock.h"
#include "train/detail/compute.h"
#include "train/detail/evaluation.h"
#include "train/detail/guard_options.h"
#include "train/detail/method.h"
#include "train/detail/objective.h"
#include "train/detail/recipe_options.h"
#include "train/detail/run_recorder.h"
#include "train/detail/schedule.h"
#include "train/detail/worker_group.h"

namespace lathe::train {

/// What is to be done. totalSteps and warm-up of the schedule are filled in by planSteps.
struct PhasePlan {
    std::string name = "train";        ///< "pretrain", "train"
    std::string stage = "Training";    ///< for the progress display
    std::vector<std::string> metrics;  ///< ids of what an evaluation measures
    const BatchSource* train = nullptr;
    const BatchSource* dev = nullptr;  ///< nullptr: nothing to evaluate on
    const Method* method = nullptr;    ///< prepared; nullptr: all that wants gradients trains
    std::int64_t epochs = 1;
    BatchOrder order;
    double warmupRatio = 0;
    Schedule schedule;
    double weightDecay = 0;
    double maxGradNorm = 0;  ///< 0 = no clipping
    RecipeSettings recipe;
    /// What goes through the network at once: a batch of `order` is cut into parts of this many texts and padded
    /// tokens, whose gradients add up to the step's. 0 = the whole batch.
    std::int64_t partTexts = 0, partTokens = 0;
    std::int64_t evalEvery = 0;  ///< steps; 0 = ten times in the phase
    std::int64_t patience = 0;   ///< evaluations without gain before the phase ends; 0 = off
    bool keepBest = true;        ///< keep the best evaluation's weights in best/
    std::string bestBy = "loss";
    std::uint64_t seed = 42;
    torch::Device device = torch::kCPU;
    nn::Precision precision = nn::Precision::Float32;
    bool scalesLoss = false;  ///< fp16: the loss is scaled up, and steps whose gradient overflows are left out
    bool recompute = false;   ///< layers are computed again in the backward pass instead of being kept
    std::vector<std::int64_t> epochEnds;  ///< steps done when epoch i is through
    /// "samples 3, 17": what the items are to the user; may be empty.
    std::function<std::string(const ItemList& items)> describeItems;
    WorkerGroup* workers = nullptr;  ///< the processes that share each batch; nullptr = this one alone
};

/// Fills in epochEnds, schedule.totalSteps, schedule.warmupSteps and evalEvery.
void planSteps(PhasePlan& plan);

/// What a phase works with, the same for all phases of a run.
struct RunServices {
    RunRecorder& recorder;
    const CheckpointStore& checkpoints;
    const text::Tokenizer& tokenizer;
    JobContext& context;
    RunControl& control;
    RunClock& clock;
    RunState& state;  ///< where the run is; moved on by the phase
    GuardSettings guard;
    /// Puts a checkpoint's weights into the network that is being trained.
    std::function<Result<>(const std::filesystem::path& checkpoint)> restoreWeights;
};

enum class PhaseEnd { Finished, Stopped };

/// Goes on from services.state.step (0 = from the start). \param optimizerFrom folder of the checkpoint whose moments
/// to load, empty = none. When it stops it has written checkpoints/last, and best/ if there was no better one. \returns
/// Diverged (says the step; the last checkpoint and best/ stay), Io, OutOfMemory, Internal.
Result<PhaseEnd> runPhase(nn::Network& network, const PhasePlan& plan, const RunServices& services,
                          const std::filesystem::path& optimizerFrom);

}  // namespace lathe::train
