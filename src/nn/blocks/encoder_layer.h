// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The post-norm transformer layer of BERT and its descendants, under whatever names a family keeps its weights.
#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <memory>

#include "nn/blocks/encoder_options.h"
#include "nn/blocks/layers.h"
#include "nn/blocks/linear.h"
#include "nn/ops/attention.h"

namespace lathe::nn {

/// Where a checkpoint keeps the parts of a layer, below the layer's own name.
struct EncoderLayerNames {
    const char* query = "attention.self.query";
    const char* key = "attention.self.key";
    const char* value = "attention.self.value";
    const char* attended = "attention.output.dense";
    const char* attendedNorm = "attention.output.LayerNorm";
    const char* wide = "intermediate.dense";
    const char* narrow = "output.dense";
    const char* outputNorm = "output.LayerNorm";
    bool dropsAttended = true, dropsNarrow = true;  ///< whether the reference drops behind these projections
};

/// What one pass through the layers shares.
struct EncoderPass {
    AttentionMask mask;  ///< keys [B, S], S = past + P + T
    double hiddenDropout = 0, attentionDropout = 0;
    VirtualTokens virtualTokens;
    torch::Tensor distances;     ///< DeBERTa: the vectors of the distances in use, [R, C]
    torch::Tensor distanceRows;  ///< DeBERTa: which of them belongs to t - s, at t - s + T - 1; [2 T - 1] int64
};

struct EncoderLayer : torch::nn::Module {
    EncoderLayer(const EncoderOptions& options, const EncoderLayerNames& names);
    /// [B, T, C] float32 -> [B, T, C] float32. \p depth: which of the network's layers it stands for now.
    torch::Tensor forward(const torch::Tensor& x, const EncoderPass& pass, std::size_t depth);

    std::int64_t heads;
    Activation activation;
    bool dropsAttended, dropsNarrow;
    std::shared_ptr<Linear> query, key, value, attended, wide, narrow;
    std::shared_ptr<Norm> attendedNorm, outputNorm;

protected:
    /// How scores are made; plain scaled products unless overridden. \param q [B, H, T, D] \param k [B, H, S, D]
    virtual AttentionScores scores(const torch::Tensor& q, const torch::Tensor& k, const EncoderPass& pass);

private:
    std::unique_ptr<LinearGroup> m_projections;
};

}  // namespace lathe::nn
