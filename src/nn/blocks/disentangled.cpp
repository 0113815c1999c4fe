// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Both position terms become one bias of the scores; only the distances that the text's length allows are projected.
#include "nn/blocks/disentangled.h"

#include <cmath>

#include "nn/blocks/place.h"
#include "nn/dropout.h"
#include "nn/ops/relative_bias.h"

namespace lathe::nn {

using torch::Tensor;

namespace {

/// Near distances as they are, far ones by their logarithm. In float32 and in the reference's order of operations,
/// because the ceiling makes a rounding a whole bucket. \source arXiv:2006.03654, DeBERTa's make_log_bucket_position
Tensor logBuckets(const Tensor& distance, std::int64_t buckets, std::int64_t reach) {
    const std::int64_t middle = buckets / 2;
    const Tensor near = distance.lt(middle).logical_and(distance.gt(-middle));
    const Tensor size = torch::where(near, torch::full_like(distance, middle - 1), distance.abs());
    const Tensor widest =
        torch::tensor(static_cast<double>(reach - 1) / static_cast<double>(middle), torch::kFloat32).log();
    const Tensor far = (size.to(torch::kFloat32) / static_cast<float>(middle)).log() / widest;
    const Tensor bucket = (far * static_cast<float>(middle - 1)).ceil() + static_cast<float>(middle);
    const Tensor all = torch::where(size.le(middle), distance.to(torch::kFloat32), bucket * distance.sign());
    // what has no logarithm is as far off as can be
    constexpr double kFar = -1e12;
    return torch::nan_to_num(all, kFar, kFar, kFar).to(torch::kInt64);
}

/// [R, C] -> [H, R, D]
Tensor headsOf(const Tensor& rows, std::int64_t heads) {
    return rows.view({rows.size(0), heads, rows.size(1) / heads}).transpose(0, 1);
}

/// Every head's content against every distance: x [B, H, T, D], distances [H, R, D] -> [H, B, T, R]
Tensor against(const Tensor& x, const Tensor& distances) {
    const std::int64_t b = x.size(0), h = x.size(1), t = x.size(2), d = x.size(3);
    const Tensor rows = x.transpose(0, 1).reshape({h, b * t, d});                        // [H, B * T, D]
    return at::bmm(rows, distances.transpose(1, 2)).view({h, b, t, distances.size(1)});  // [H, B, T, R]
}

}  // namespace

Distances distancesOf(std::int64_t tokens, const DisentangledOptions& options) {
    const torch::NoGradGuard noGrad;
    Tensor distance = torch::arange(1 - tokens, tokens, torch::kInt64);  // [2 T - 1]
    if (options.buckets > 0)
        distance = logBuckets(distance, options.buckets, options.reach);
    const std::int64_t span = options.span();
    Distances used;
    used.rows = (distance + span).clamp(0, 2 * span - 1);
    used.first = used.rows.min().item<std::int64_t>();
    used.count = used.rows.max().item<std::int64_t>() - used.first + 1;
    used.rows = used.rows - used.first;
    return used;
}

DisentangledLayer::DisentangledLayer(const EncoderOptions& options, const EncoderLayerNames& names,
                                     const DisentangledOptions& attention, bool relative)
    : EncoderLayer(options, names), m_attention(attention) {
    if (!relative || attention.sharesProjections)
        return;
    const std::int64_t c = options.common.hiddenSize;
    if (attention.contentToPosition)
        m_positionKey = place(*this, "attention.self.pos_key_proj", std::make_shared<Linear>(c, c, true));
    if (attention.positionToContent)
        m_positionQuery = place(*this, "attention.self.pos_query_proj", std::make_shared<Linear>(c, c, true));
}

AttentionScores DisentangledLayer::scores(const Tensor& q, const Tensor& k, const EncoderPass& pass) {
    AttentionScores scores;
    scores.scale = 1.0 / std::sqrt(static_cast<double>(q.size(3)) * m_attention.parts());
    if (!pass.distances.defined() || m_attention.parts() == 1.0)
        return scores;
    const Tensor distances = dropout(pass.distances, pass.hiddenDropout);  // [R, C]
    Tensor contentToPosition, positionToContent;
    if (m_attention.contentToPosition) {
        Linear& projection = m_attention.sharesProjections ? *key : *m_positionKey;
        contentToPosition = against(q, headsOf(projection.forward(distances), heads));  // [H, B, T, R]
    }
    if (m_attention.positionToContent) {
        Linear& projection = m_attention.sharesProjections ? *query : *m_positionQuery;
        positionToContent = against(k, headsOf(projection.forward(distances), heads));  // [H, B, S, R]
    }
    scores.bias = relativeBias(contentToPosition, positionToContent, pass.distanceRows, scores.scale);
    return scores;
}

}  // namespace lathe::nn
