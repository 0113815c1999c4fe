// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Objective: what a step makes smaller, and what an evaluation asks. Losses in nats.
// Thread: compute lane.
#pragma once

#include <functional>
#include <memory>

#include "nn/network.h"
#include "train/detail/batch_source.h"
#include "train/detail/loss_options.h"

namespace lathe::train {

struct PassResult {
    double loss = 0;           ///< mean over the targets, what was differentiated (training) or plain (evaluation)
    std::int64_t targets = 0;  ///< B, or N tokens
    /// [targets] int64, or what the metrics of the task compare, on the network's device; while training undefined
    /// where nothing can be right or wrong.
    torch::Tensor predicted = {};
};

class Objective {
public:
    virtual ~Objective() = default;
    /// What the batch's mean loss is divided by: the number of its targets, or the sum of their weights.
    virtual double weight(const TrainBatch& batch) const { return static_cast<double>(batch.targets.numel()); }
    /// Adds the gradient of \p share times the batch's mean loss to the parameters' gradients. \p share: of the step's
    /// weight() that is in this batch, times the scale of the loss; 1 when a step is one batch.
    virtual PassResult learn(nn::Network& network, const TrainBatch& batch, double share) const = 0;
    /// Without gradients, and the plain loss. Call in eval mode.
    virtual PassResult judge(nn::Network& network, const TrainBatch& batch) const = 0;
    /// Whether a batch's loss is a sum over its texts, so that they may be learnt from apart.
    virtual bool isSumOverTexts() const { return true; }

    /// Called with the root of a learn()'s last backward pass just before it begins; may be empty.
    using LastBackward = std::function<void(const torch::Tensor& root)>;
    void hearLastBackward(LastBackward hear) { m_lastBackward = std::move(hear); }

protected:
    /// root.backward(gradient), the last of a learn().
    void lastBackward(const torch::Tensor& root, const torch::Tensor& gradient = {}) const {
        if (m_lastBackward)
            m_lastBackward(root);
        root.backward(gradient);
    }

private:
    LastBackward m_lastBackward;
};

/// One label a text: cross-entropy of classify().
std::unique_ptr<Objective> makeLabelObjective(LossOptions options = {});
/// One token at each of the batch's rows: masked and next tokens. Token logits are made, differentiated and dropped in
/// pieces: at no time are there [N, V] of them.
std::unique_ptr<Objective> makeTokenObjective(LossOptions options = {});

}  // namespace lathe::train
