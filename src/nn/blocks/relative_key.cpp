// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// q . e(t - s), and with relative_key_query also k . e(t - s), all scaled as q . k is.
#include "nn/blocks/relative_key.h"

#include <cmath>

#include "nn/blocks/place.h"
#include "nn/ops/relative_bias.h"

namespace lathe::nn {

using torch::Tensor;

RelativeKeyLayer::RelativeKeyLayer(const EncoderOptions& options, const EncoderLayerNames& names)
    : EncoderLayer(options, names),
      m_reach(options.positionRows),
      m_alsoKeys(options.places == EncoderPlaces::RelativeKeyQuery) {
    const std::int64_t d = options.common.hiddenSize / options.common.heads;
    m_distances = place(*this, "attention.self.distance_embedding", std::make_shared<Embedding>(2 * m_reach - 1, d));
}

AttentionScores RelativeKeyLayer::scores(const Tensor& q, const Tensor& k, const EncoderPass&) {
    const std::int64_t b = q.size(0), h = q.size(1), t = q.size(2), d = q.size(3);
    TORCH_CHECK(k.size(2) == t, "prefix tuning does not fit relative positions; use prompt tuning");
    TORCH_CHECK(t <= m_reach, "the text has ", t, " tokens, the model reads ", m_reach);
    const std::int64_t count = 2 * t - 1;
    const Tensor used = m_distances->weight.narrow(0, m_reach - t, count).to(q.scalar_type());  // [2 T - 1, D]
    const auto against = [&](const Tensor& x) {
        const Tensor rows = x.transpose(0, 1).reshape({h * b * t, d});  // [H * B * T, D]
        return at::mm(rows, used.t()).view({h, b, t, count});           // [H, B, T, 2 T - 1]
    };
    AttentionScores scores;
    scores.scale = 1.0 / std::sqrt(static_cast<double>(d));
    const Tensor places = torch::arange(count, torch::TensorOptions().dtype(torch::kInt64).device(q.device()));
    scores.bias = relativeBias(against(q), m_alsoKeys ? against(k) : Tensor(), places, scores.scale);
    return scores;
}

}  // namespace lathe::nn
