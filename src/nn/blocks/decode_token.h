// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// One new token of one conversation through a decoder with grouped keys, RMS norms, rotary positions and a gate.
// Reads every weight once and starts the threads once; the general path would spend most of its time between products.
#pragma once

#include <torch/types.h>

#include <vector>

namespace lathe::nn {

struct DecodeLinear {
    torch::Tensor weight, bias;  ///< [out, in]; bias may be undefined
    torch::Tensor scale;         ///< [out] float32 where the weight is int8, else undefined
};

struct DecodeLayer {
    torch::Tensor before, between;                   ///< [C] norms
    torch::Tensor afterAttention, afterFeedForward;  ///< [C]; may be undefined
    torch::Tensor queryNorm, keyNorm;                ///< [D]; may be undefined
    DecodeLinear query, key, value, output, gate, up, down;
    torch::Tensor keys, values;  ///< cache [1, G, capacity, D]
    float scale = 1;             ///< of the scores
    std::int64_t window = 0;     ///< keys that the token sees, its own among them; 0 = all
};

struct DecodeShape {
    std::int64_t channels = 0, wide = 0, heads = 0, groups = 0, dimension = 0, vocabulary = 0;
    std::int64_t turned = 0;  ///< coordinates of a head with rotary positions
    float epsilon = 0;
    float normPlus = 0;                        ///< added to the norms' weights (Gemma: 1)
    bool isGelu = false;                       ///< the gate's function: GELU's tanh form, else SiLU
    float scoreSoftcap = 0, logitSoftcap = 0;  ///< 0 = off
};

/// Views of the network's weights, all float32 or all bfloat16 but for linear layers in int8, on the CPU.
struct DecodeWeights {
    DecodeShape shape;
    std::vector<DecodeLayer> layers;
    torch::Tensor norm;  ///< [C]
    DecodeLinear head;   ///< [V, C]
};

/// \param stream [C] float32: the token's embedding; used up. \param cosines, sines [R / 2] of its position.
/// Writes the caches' row \p position and logits [V] float32.
void decodeToken(const DecodeWeights& weights, const torch::Tensor& stream, const torch::Tensor& cosines,
                 const torch::Tensor& sines, std::int64_t position, const torch::Tensor& logits);

}  // namespace lathe::nn
