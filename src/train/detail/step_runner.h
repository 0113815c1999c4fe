// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// StepRunner: one optimizer step, from the step's randomness to the changed weights.
// Thread: compute lane.
#pragma once

#include "nn/adamw.h"
#include "train/detail/batch_order.h"
#include "train/detail/objective.h"
#include "train/detail/phase.h"

namespace lathe::train {

struct StepResult {
    double loss = 0;             ///< mean over the step's targets
    double accuracy = kNoValue;  ///< share of targets that were predicted
    double gradNorm = 0;         ///< before clipping
    double learningRate = 0;
    std::int64_t tokens = 0;  ///< real ones
    std::string trouble;      ///< not empty: a number was not finite; the weights are as they were
};

class StepRunner {
public:
    StepRunner(nn::Network& network, const PhasePlan& plan);

    /// Step \p number (from 1) over \p items. What was drawn before does not matter, so that a resumed run is the same
    /// run.
    StepResult run(const ItemList& items, std::int64_t number, std::int64_t epoch);

    nn::AdamW& optimizer() { return m_optimizer; }

private:
    double learnExtra() const;

    nn::Network& m_network;
    const PhasePlan& m_plan;
    std::shared_ptr<nn::Adapter> m_adapter;
    std::unique_ptr<Objective> m_objective;
    nn::AdamW m_optimizer;
};

}  // namespace lathe::train
