// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// One forward and backward pass, and one evaluation pass, over any head. Losses in nats.
// Thread: compute lane.
#pragma once

#include "nn/network.h"
#include "train/detail/batch_source.h"

namespace lathe::train {

struct PassResult {
    double loss = 0;           ///< mean over the targets, what was differentiated (training) or plain (evaluation)
    std::int64_t targets = 0;  ///< B, or N tokens
    torch::Tensor predicted;   ///< [targets] int64, on the network's device
};

/// Adds the gradient of the batch's mean loss to the parameters' gradients.
/// Token logits are made, differentiated and dropped in pieces: at no time are there [N, V] of them.
PassResult forwardBackward(nn::Network& network, const TrainBatch& batch, double labelSmoothing);
/// Without gradients. Call in eval mode.
PassResult forwardOnly(nn::Network& network, const TrainBatch& batch);

}  // namespace lathe::train
