// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// BERT's relative positions (position_embedding_type): scores against a learned vector of the distance, one table a
// layer. \source Shaw et al. arXiv:1803.02155, Huang et al. arXiv:2009.13658 methods 3 and 4
#pragma once

#include "nn/blocks/encoder_layer.h"

namespace lathe::nn {

struct RelativeKeyLayer : EncoderLayer {
    RelativeKeyLayer(const EncoderOptions& options, const EncoderLayerNames& names);

protected:
    /// Without keys from before: c10::Error for a prefix, and for a text longer than the table.
    AttentionScores scores(const torch::Tensor& q, const torch::Tensor& k, const EncoderPass& pass) override;

private:
    std::int64_t m_reach;
    bool m_alsoKeys;
    std::shared_ptr<Embedding> m_distances;  ///< [2 reach - 1, D], of t - s at t - s + reach - 1
};

}  // namespace lathe::nn
