// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Objective: what a step makes smaller, and what an evaluation asks. Losses in nats.
// Thread: compute lane.
#pragma once

#include <memory>

#include "nn/network.h"
#include "train/detail/batch_source.h"

namespace lathe::train {

struct PassResult {
    double loss = 0;           ///< mean over the targets, what was differentiated (training) or plain (evaluation)
    std::int64_t targets = 0;  ///< B, or N tokens
    torch::Tensor predicted;   ///< [targets] int64, on the network's device
};

/// How far the loss of labels and tokens departs from plain cross-entropy while training.
struct LossOptions {
    double labelSmoothing = 0;
};

class Objective {
public:
    virtual ~Objective() = default;
    /// Adds the gradient of \p share times the batch's mean loss to the parameters' gradients. \p share: of the step's
    /// targets that are in this batch; 1 when a step is one batch.
    virtual PassResult learn(nn::Network& network, const TrainBatch& batch, double share) const = 0;
    /// Without gradients, and the plain loss. Call in eval mode.
    virtual PassResult judge(nn::Network& network, const TrainBatch& batch) const = 0;
};

/// One label a text: cross-entropy of classify().
std::unique_ptr<Objective> makeLabelObjective(LossOptions options = {});
/// One token at each of the batch's rows: masked and next tokens. Token logits are made, differentiated and dropped in
/// pieces: at no time are there [N, V] of them.
std::unique_ptr<Objective> makeTokenObjective(LossOptions options = {});

}  // namespace lathe::train
