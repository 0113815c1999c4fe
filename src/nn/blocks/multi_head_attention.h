// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Attention of encoder-decoders: over a sequence itself, or from a decoder over the encoder's states.
// \source Vaswani et al. arXiv:1706.03762 section 3.2
#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <memory>

#include "nn/blocks/kv_cache.h"
#include "nn/blocks/linear.h"
#include "nn/ops/attention.h"

namespace lathe::nn {

struct MultiHeadOptions {
    std::int64_t channels = 0, heads = 0, dimension = 0;
    bool bias = true;
    double scale = 0;  ///< of the scores; 0 = 1 / sqrt D
    const char *query = "q_proj", *key = "k_proj", *value = "v_proj", *output = "out_proj";  ///< checkpoint names
};

struct KeysAndValues {
    torch::Tensor keys, values;  ///< [B, H, S, D]
};

struct MultiHeadAttention : torch::nn::Module {
    explicit MultiHeadAttention(const MultiHeadOptions& options);

    /// x [B, T, C] over itself, behind what \p cache holds for \p layer (may be null). \p bias [1, H, T, S] is added to
    /// the scores; may be undefined. \returns [B, T, C]
    torch::Tensor overItself(const torch::Tensor& x, const AttentionMask& mask, double dropout,
                             const torch::Tensor& bias, GroupedCache* cache, std::size_t layer);
    /// What cross-attention needs of the encoder's states [B, S, C].
    KeysAndValues keysOf(const torch::Tensor& encoded);
    /// x [B, T, C] over an encoder's positions -> [B, T, C]
    torch::Tensor over(const KeysAndValues& source, const torch::Tensor& x, const AttentionMask& mask, double dropout);

    std::int64_t heads;
    double scale;
    std::shared_ptr<Linear> query, key, value, output;

private:
    std::unique_ptr<LinearGroup> m_all, m_source;  ///< query, key, value; key, value
};

}  // namespace lathe::nn
