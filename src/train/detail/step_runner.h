// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// StepRunner: one optimizer step, from the step's randomness to the changed weights.
// Thread: compute lane.
#pragma once

#include <optional>

#include "nn/optimizers/optimizer.h"
#include "train/detail/batch_order.h"
#include "train/detail/gradient_sync.h"
#include "train/detail/loss_scaler.h"
#include "train/detail/objective.h"
#include "train/detail/phase.h"

namespace lathe::train {

struct StepResult {
    double loss = 0;             ///< mean over the step's targets
    double accuracy = kNoValue;  ///< share of targets that were predicted
    double gradNorm = 0;         ///< before clipping
    double learningRate = 0;
    std::int64_t tokens = 0;  ///< real ones
    bool skipped = false;     ///< fp16: the gradient overflowed; the weights are as they were, the scale is halved
    /// Not empty: a number was not finite; says which, and in which layer first. The weights are as they were.
    std::string trouble;
    ItemList troubleItems;  ///< of the first part whose loss was not finite; empty = it was the whole step's gradient
    std::string smallerParts;  ///< not empty: memory ran out, and less goes through the network at once from now on
};

class StepRunner {
public:
    StepRunner(nn::Network& network, const PhasePlan& plan);

    /// Step \p number (from 1) over \p items. What was drawn before does not matter, so that a resumed run is the same
    /// run. The items go through the network in the parts that the plan says; the loss is the mean over all of them.
    /// When memory runs out, parts become half as large for good and the step begins anew. \throws what torch does,
    /// memory that not even one item fits into included. Of several processes each learns from its share of the items,
    /// and all come to the same result; \throws WorkerLost, too.
    StepResult run(const ItemList& items, std::int64_t number, std::int64_t epoch);
    /// The dev metric that decides, for a rate that falls on a plateau.
    void noteEvaluation(double value, bool higherIsBetter);

    /// On the rate that the schedule gives.
    void setRateFactor(double factor) { m_rateFactor = factor; }
    /// Padded tokens that a part has at most, if the plan does not say fewer. 0 = as planned; falls when memory runs
    /// out.
    std::int64_t mostPartTokens() const { return m_mostPartTokens; }
    void setMostPartTokens(std::int64_t tokens) { m_mostPartTokens = tokens; }
    /// What later steps need of those that were run, for a checkpoint; the optimizer's tensors are the live ones.
    StepMemory memory() const;
    /// \returns InvalidInput when it is another run's.
    Result<> remember(const StepMemory& memory);

private:
    /// One part of a step.
    struct Part {
        ItemList items;
        TrainBatch batch;
        double weight = 0;
    };
    struct Learnt {
        double loss = 0, right = 0, targets = 0, tokens = 0;
    };
    std::vector<ItemList> partItems(const ItemList& items) const;
    std::vector<Part> partsOf(const ItemList& items, std::uint64_t salt) const;
    /// Draws, and learns from this process's share; the gradients are the network's.
    Learnt differentiate(const ItemList& items, std::int64_t number, std::int64_t epoch, double scale);
    /// The parts' weight, in all processes.
    double wholeWeight(const std::vector<Part>& parts);
    /// What all processes learnt; the gradients are the sums over them.
    Learnt together(const Learnt& own);
    /// The same again, watched. \returns "first in ...", or nothing.
    std::string firstBad(const ItemList& items, std::int64_t number, std::int64_t epoch, double scale);
    /// Takes both from the first process whose share was bad.
    void findTrouble(ItemList& items, std::string& where);
    /// \returns what is to be told, empty when parts cannot be smaller.
    std::string halveParts();
    /// Adds up the gradients of all parts, the loss \p scale times itself. \param isLast nothing is added to them
    /// afterwards, so that they may go to the other processes.
    Learnt learn(const std::vector<Part>& parts, double scale, bool isLast);
    /// The same, disturbed as the recipe says.
    Learnt learnDisturbed(const std::vector<Part>& parts, double scale);
    double learnExtra(double scale) const;

    nn::Network& m_network;
    const PhasePlan& m_plan;
    std::shared_ptr<nn::Adapter> m_adapter;
    std::unique_ptr<Objective> m_objective;
    std::unique_ptr<nn::Optimizer> m_optimizer;
    double m_rateFactor = 1;
    std::int64_t m_mostPartTokens = 0;
    ItemList m_learning;                   ///< what went through the network last
    ItemList m_bad;                        ///< the first part of this step whose loss was not finite
    std::unique_ptr<GradientSync> m_sync;  ///< nullptr: this process is alone
    std::optional<double> m_whole;         ///< wholeWeight() of this step
    bool m_probing = false;                ///< gradients are computed to be looked at
    bool m_shared = false;  ///< the others have something of this attempt at the step: it cannot begin anew
    Plateau m_plateau;
    LossScaler m_scaler;
};

}  // namespace lathe::train
