// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a run will train and what memory it will take, before it starts. Torch-free facade. Thread: compute lane.
#pragma once

#include "train/trainer.h"

namespace lathe::train {

/// The largest batch that a step has, padding included.
struct BatchShape {
    std::int64_t texts = 0;
    std::int64_t tokens = 0;  ///< of each text
};

/// Memory in bytes, at the moment of a step when it is fullest. Counts are exact, except that a fresh model's
/// vocabulary can come out smaller than asked for. Weights, gradients and moments follow from the counts; activations
/// are an estimate, right within a factor of two.
struct TrainEstimate {
    std::int64_t parameters = 0;  ///< the model's and what the method adds
    std::int64_t trainable = 0;
    double weightBytes = 0;  ///< in the types that training holds them in, working copies included
    double gradientBytes = 0;
    double optimizerBytes = 0;
    double activationBytes = 0;  ///< what layers keep for the backward pass, and the head's logits
    BatchShape longest;

    double totalBytes() const { return weightBytes + gradientBytes + optimizerBytes + activationBytes; }
};
Json toJson(const TrainEstimate& estimate);

/// The batch is the longest that \p data can give, by the length of its texts in bytes; no text is tokenised and no
/// weight is read. An n-gram model has nothing to tell: zeros. \returns what checkRequest() does for model and options,
/// and what the method says to a network that it cannot train.
Result<TrainEstimate> estimateTraining(const TrainRequest& request, const Dataset& data);
/// The same for a batch that is known.
Result<TrainEstimate> estimateTraining(const TrainRequest& request, const Dataset& data, BatchShape longest);

}  // namespace lathe::train
