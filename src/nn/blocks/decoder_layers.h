// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// One layer of a decoder: masked attention over grouped keys, and a feed-forward layer, each in front of a norm.
// \source Vaswani et al. arXiv:1706.03762; Ainslie et al. arXiv:2305.13245 (groups); Shazeer arXiv:2002.05202 (gates)
#pragma once

#include <array>

#include "nn/blocks/decoder_options.h"
#include "nn/blocks/kv_cache.h"
#include "nn/blocks/rotary.h"
#include "nn/blocks/segments.h"
#include "nn/ops/attention.h"

namespace lathe::nn {

/// What one pass through the layers shares.
struct DecoderPass {
    RotaryTable::Angles angles;             ///< undefined tensors for learned positions
    AttentionMask mask;                     ///< without a window: each layer has its own
    GroupedCache* cache = nullptr;          ///< null while training
    const VirtualTokens* extra = nullptr;   ///< its past stands in front of the keys; null where the cache has it
    const SegmentPlan* segments = nullptr;  ///< rows of several texts; null = a row is one
    double attentionDropout = 0;
};

class DecoderAttention : public torch::nn::Module {
public:
    DecoderAttention(const DecoderOptions& options, std::size_t layer);
    /// [B, T, C] -> [B, T, C]
    torch::Tensor forward(const torch::Tensor& x, const DecoderPass& pass);

    std::shared_ptr<Linear> query, key, value;  ///< Projections::Separate
    std::shared_ptr<Linear> fused;              ///< the other kinds
    std::shared_ptr<Linear> output;
    std::shared_ptr<Norm> queryNorm, keyNorm;  ///< of each head, may be null
    AttentionScores scores;                    ///< scale and softcap
    std::int64_t window = 0;

private:
    /// [B, T, C] -> [B, T, H * D], [B, T, G * D], [B, T, G * D]
    std::array<torch::Tensor, 3> project(const torch::Tensor& x);
    /// [B, T, N * D] -> [B, N, T, D]
    torch::Tensor place(torch::Tensor x, std::int64_t heads, const std::shared_ptr<Norm>& norm,
                        const DecoderPass& pass) const;

    DecoderOptions::Projections m_kind;
    std::int64_t m_heads, m_groups, m_dimension;
    std::size_t m_layer;
    std::unique_ptr<LinearGroup> m_projections;
};

class DecoderFeedForward : public torch::nn::Module {
public:
    explicit DecoderFeedForward(const DecoderOptions& options);
    /// [..., C] -> [..., C]
    torch::Tensor forward(const torch::Tensor& x);

    std::shared_ptr<Linear> gate;  ///< null without a gate, and where up holds its rows too
    std::shared_ptr<Linear> up, down;
    bool isGateFused;
    Activation activation;

private:
    std::unique_ptr<LinearGroup> m_wide;
};

class DecoderLayer : public torch::nn::Module {
public:
    DecoderLayer(const DecoderOptions& options, std::size_t layer);
    /// The stream and what the layer before adds to it -> the stream and what this layer adds: each addition is done
    /// together with the norm behind it. \p stream may be undefined: \p pending is all of it.
    struct Flow {
        torch::Tensor stream;   ///< [B, T, C] float32
        torch::Tensor pending;  ///< [B, T, C]
    };
    /// \p pendingDropout: of what comes in. \p branchDropout: of attention's output, and of both where they run in
    /// parallel. \p type: what the products compute in.
    Flow forward(const Flow& in, const DecoderPass& pass, double pendingDropout, double branchDropout,
                 torch::ScalarType type);

    std::shared_ptr<DecoderAttention> attention;
    std::shared_ptr<DecoderFeedForward> feedForward;
    std::shared_ptr<Norm> before, between;
    std::shared_ptr<Norm> afterAttention, afterFeedForward;  ///< may be null

private:
    bool m_isParallel;
};

}  // namespace lathe::nn
