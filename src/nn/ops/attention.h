// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Scaled dot-product attention and rotary positions.
#pragma once

#include <torch/types.h>

namespace lathe::nn {

/// Which keys each query sees. No [T, S] mask is ever built.
struct AttentionMask {
    torch::Tensor keys;       ///< [B, S] uint8, 1 = visible; undefined = all
    bool causal = false;      ///< query t sees keys up to past + t
    std::int64_t past = 0;    ///< S - T positions that were read before
    std::int64_t window = 0;  ///< with causal: only the last so many keys, the query's own among them; 0 = all
};

/// How a query's score of a key is made: softcap(scale q . k) + bias.
struct AttentionScores {
    double scale = 0;    ///< 0 = 1 / sqrt D
    double softcap = 0;  ///< c tanh(x / c) with this c, 0 = off. \source Gemma 2, arXiv:2408.00118
    torch::Tensor bias;  ///< [1 or B, H, T, S] float32; undefined = none. Gradients reach it.
};

/// From a batch's mask [B, T] int64; undefined when every token is real.
torch::Tensor keyMaskOf(const torch::Tensor& mask);

/// softmax(scores) v with dropout on the probabilities.
/// \param q [B, H, T, D] \param k, v [B, G, S, D], H a multiple of G \returns [B, T, H * D]
torch::Tensor attend(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v, const AttentionMask& mask,
                     double dropout, const AttentionScores& scores = {});

/// [B, T, H * D] -> [B, H, T, D]
torch::Tensor splitHeads(const torch::Tensor& x, std::int64_t heads);

/// Rotates the first R coordinates of each head of x by their positions and leaves the others.
/// \param x [B, T, H * D] \param positions [B, T] int64: rows of the tables
/// \param cosines, sines [P, R / 2] float32, R at most D \returns [B, H, T, D]
torch::Tensor rotateHeads(const torch::Tensor& x, std::int64_t heads, const torch::Tensor& positions,
                          const torch::Tensor& cosines, const torch::Tensor& sines);

}  // namespace lathe::nn
