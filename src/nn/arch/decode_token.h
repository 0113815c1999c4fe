// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// One new token of one conversation through a decoder with grouped keys, RMS norm, rotary positions and SwiGLU.
// Reads every weight once and starts the threads once; the general path would spend most of its time between products.
#pragma once

#include <torch/types.h>

#include <vector>

namespace lathe::nn {

struct DecodeLinear {
    torch::Tensor weight, bias;  ///< [out, in]; bias may be undefined
};

struct DecodeLayer {
    torch::Tensor before, between;  ///< [C] norms
    DecodeLinear query, key, value, output, gate, up, down;
    torch::Tensor keys, values;  ///< cache [1, G, capacity, D]
};

struct DecodeShape {
    std::int64_t channels = 0, wide = 0, heads = 0, groups = 0, dimension = 0, vocabulary = 0;
    float epsilon = 0;
};

/// Views of the network's weights, all float32 or all bfloat16, on the CPU.
struct DecodeWeights {
    DecodeShape shape;
    std::vector<DecodeLayer> layers;
    torch::Tensor norm;  ///< [C]
    torch::Tensor head;  ///< [V, C]
};

/// \param stream [C] float32: the token's embedding; used up. \param cosines, sines [D / 2] of its position.
/// Writes the caches' row \p position and logits [V] float32.
void decodeToken(const DecodeWeights& weights, const torch::Tensor& stream, const torch::Tensor& cosines,
                 const torch::Tensor& sines, std::int64_t position, const torch::Tensor& logits);

}  // namespace lathe::nn
