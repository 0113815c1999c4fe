// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Disentangled attention: scores of a query's content against distances, and of distances against a key's content.
// \source He et al. arXiv:2006.03654 eq. 4, arXiv:2111.09543
#pragma once

#include "nn/blocks/encoder_layer.h"

namespace lathe::nn {

struct DisentangledOptions {
    bool contentToPosition = false, positionToContent = false;
    bool sharesProjections = false;  ///< distances go through the contents' own query and key
    std::int64_t buckets = 0;        ///< distances fall into so many a side, the far ones logarithmically; 0 = all own
    std::int64_t reach = 0;          ///< the furthest distance that is told apart

    std::int64_t span() const { return buckets > 0 ? buckets : reach; }  ///< rows a side of the distances' table
    double parts() const { return 1.0 + (contentToPosition ? 1 : 0) + (positionToContent ? 1 : 0); }
};

/// The rows of the distances' table [2 span, C] that texts of one length use.
struct Distances {
    std::int64_t first = 0, count = 0;
    torch::Tensor rows;  ///< [2 T - 1] int64: of the distance t - s at t - s + T - 1, counted from first
};
Distances distancesOf(std::int64_t tokens, const DisentangledOptions& options);

struct DisentangledLayer : EncoderLayer {
    DisentangledLayer(const EncoderOptions& options, const EncoderLayerNames& names,
                      const DisentangledOptions& attention, bool relative);

protected:
    AttentionScores scores(const torch::Tensor& q, const torch::Tensor& k, const EncoderPass& pass) override;

private:
    DisentangledOptions m_attention;
    std::shared_ptr<Linear> m_positionKey, m_positionQuery;
};

}  // namespace lathe::nn
