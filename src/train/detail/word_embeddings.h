// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What is done to word embeddings while training, against overfitting: noise on them (NEFTune), steps against the
// gradient (FGM). Thread: compute lane.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "nn/blocks/layers.h"
#include "nn/network.h"

namespace lathe::train {

/// While it lives, every looked-up word has uniform noise of at most alpha / sqrt(T C) on each of its C channels, from
/// torch's generator; T = positions of the batch. \source NEFTune, Jain et al. arXiv:2310.05914, algorithm 1
class EmbeddingNoise {
public:
    EmbeddingNoise(nn::Network& network, double alpha);
    ~EmbeddingNoise();
    EmbeddingNoise(const EmbeddingNoise&) = delete;
    EmbeddingNoise& operator=(const EmbeddingNoise&) = delete;

private:
    std::vector<nn::Embedding*> m_words;
    std::shared_ptr<nn::LayerAdapter> m_noise;
};

/// The word embedding's weights moved by epsilon g / |g|, g = their gradient; back to the same bits by restore(), or
/// when this ends.
/// Where a method does not train them, they have a gradient for as long as this lives.
/// \source FGM, Miyato et al. arXiv:1605.07725, equation 5, on the weights as is usual
class EmbeddingAttack {
public:
    explicit EmbeddingAttack(nn::Network& network);
    ~EmbeddingAttack();
    EmbeddingAttack(const EmbeddingAttack&) = delete;
    EmbeddingAttack& operator=(const EmbeddingAttack&) = delete;

    /// \param sum adds up a gradient over the processes of a run; may be empty.
    /// \returns false, and moves nothing, when the gradient is zero or not finite.
    bool perturb(double epsilon, const std::function<void(torch::Tensor& gradient)>& sum = {});
    void restore();

private:
    struct Weights {
        torch::Tensor tensor;
        bool trained = true;
        torch::Tensor before;
    };
    std::vector<Weights> m_weights;
};

}  // namespace lathe::train
