// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/blocks/decoder_layers.h"

#include "nn/dropout.h"

namespace lathe::nn {

namespace {

using torch::Tensor;
using Projections = DecoderOptions::Projections;

}  // namespace

DecoderAttention::DecoderAttention(const DecoderOptions& o, std::size_t layer)
    : window(o.windows[layer]),
      m_kind(o.projections),
      m_heads(o.common.heads),
      m_groups(o.groups),
      m_dimension(o.headDimension),
      m_layer(layer) {
    const std::int64_t c = o.common.hiddenSize, queries = m_heads * m_dimension, keys = m_groups * m_dimension;
    const auto linear = [&](const std::string& name, std::int64_t in, std::int64_t out, bool bias) {
        return register_module(name, std::make_shared<Linear>(in, out, bias, o.layout));
    };
    if (m_kind == Projections::Separate) {
        query = linear(o.names.query, c, queries, o.projectionBias);
        key = linear(o.names.key, c, keys, o.projectionBias);
        value = linear(o.names.value, c, keys, o.projectionBias);
        m_projections = std::make_unique<LinearGroup>(std::vector<Linear*>{query.get(), key.get(), value.get()});
    } else {
        fused = linear(o.names.fused, c, queries + 2 * keys, o.projectionBias);
    }
    output = linear(o.names.output, queries, c, o.outputBias);
    if (!o.names.queryNorm.empty())
        queryNorm = register_module(o.names.queryNorm, std::make_shared<Norm>(o.norm, m_dimension, o.epsilon));
    if (!o.names.keyNorm.empty())
        keyNorm = register_module(o.names.keyNorm, std::make_shared<Norm>(o.norm, m_dimension, o.epsilon));
    scores.scale = o.scales.empty() ? 0 : o.scales[layer];
    scores.softcap = o.scoreSoftcap;
}

std::array<Tensor, 3> DecoderAttention::project(const Tensor& x) {
    if (m_kind == Projections::Separate) {
        std::vector<Tensor> each = m_projections->forward(x);
        return {each[0], each[1], each[2]};
    }
    const Tensor all = fused->forward(x);  // [B, T, (H + 2 G) * D]
    const std::int64_t queries = m_heads * m_dimension, keys = m_groups * m_dimension;
    if (m_kind == Projections::Together)
        return {all.narrow(2, 0, queries), all.narrow(2, queries, keys), all.narrow(2, queries + keys, keys)};
    const std::int64_t b = all.size(0), t = all.size(1);
    const Tensor heads = all.view({b, t, m_heads, 3, m_dimension});
    const auto part = [&](std::int64_t which) {
        return heads.select(3, which).reshape({b, t, queries});  // [B, T, H * D]
    };
    return {part(0), part(1), part(2)};
}

Tensor DecoderAttention::place(Tensor x, std::int64_t heads, const std::shared_ptr<Norm>& norm,
                               const DecoderPass& pass) const {
    const std::int64_t b = x.size(0), t = x.size(1);
    if (norm)
        x = norm->forward(x.reshape({b, t, heads, m_dimension}), x.scalar_type()).view({b, t, heads * m_dimension});
    if (!pass.angles.cosines.defined())
        return splitHeads(x, heads);
    return rotateHeads(x, heads, pass.angles.rows, pass.angles.cosines, pass.angles.sines);
}

Tensor DecoderAttention::forward(const Tensor& x, const DecoderPass& pass) {
    const auto [queries, keys, values] = project(x);
    const Tensor q = place(queries, m_heads, queryNorm, pass);  // [B, H, T, D]
    Tensor k = place(keys, m_groups, keyNorm, pass);            // [B, G, T, D]
    Tensor v = splitHeads(values, m_groups);                    // [B, G, T, D]
    if (pass.cache) {
        std::tie(k, v) = pass.cache->append(m_layer, k, v);  // [B, G, S, D]
    } else if (pass.extra && !pass.extra->past.empty()) {
        const auto& [pastKeys, pastValues] = pass.extra->past.at(m_layer);                              // [G, P, D]
        k = torch::cat({pastKeys.to(k.options()).unsqueeze(0).expand({k.size(0), -1, -1, -1}), k}, 2);  // [B, G, S, D]
        v = torch::cat({pastValues.to(v.options()).unsqueeze(0).expand({v.size(0), -1, -1, -1}), v},
                       2);  // [B, G, S, D]
    }
    AttentionMask mask = pass.mask;
    mask.window = window;
    mask.causal |= window > 0;  // a single query's window ends somewhere too
    if (const SegmentPlan* plan = pass.segments) {
        const Tensor texts =
            attend(plan->apart(q), plan->apart(k), plan->apart(v), mask, pass.attentionDropout, scores);
        return output->forward(plan->together(texts));  // [B, T, C]
    }
    return output->forward(attend(q, k, v, mask, pass.attentionDropout, scores));
}

DecoderFeedForward::DecoderFeedForward(const DecoderOptions& o) : isGateFused(o.gateFused), activation(o.activation) {
    const std::int64_t c = o.common.hiddenSize, f = o.common.intermediateSize;
    const auto linear = [&](const std::string& name, std::int64_t in, std::int64_t out) {
        return register_module(name, std::make_shared<Linear>(in, out, o.feedForwardBias, o.layout));
    };
    if (!o.names.gate.empty())
        gate = linear(o.names.gate, c, f);
    up = linear(o.names.up, c, isGateFused ? 2 * f : f);
    down = linear(o.names.down, f, c);
    std::vector<Linear*> together{up.get()};
    if (gate)
        together.insert(together.begin(), gate.get());
    m_wide = std::make_unique<LinearGroup>(std::move(together));
}

Tensor DecoderFeedForward::forward(const Tensor& x) {
    std::vector<Tensor> wide = m_wide->forward(x);  // 1 or 2 x [..., F]
    if (isGateFused)
        wide = wide.front().chunk(2, -1);
    if (wide.size() == 1)
        return down->forward(activate(wide[0], activation));
    return down->forward(activation == Activation::Silu ? swiglu(wide[0], wide[1])
                                                        : activate(wide[0], activation) * wide[1]);
}

DecoderLayer::DecoderLayer(const DecoderOptions& o, std::size_t layer) : m_isParallel(o.isParallel) {
    attention = register_module(o.names.attention, std::make_shared<DecoderAttention>(o, layer));
    feedForward = register_module(o.names.feedForward, std::make_shared<DecoderFeedForward>(o));
    const auto norm = [&](const std::string& name) -> std::shared_ptr<Norm> {
        if (name.empty())
            return nullptr;
        return register_module(name, std::make_shared<Norm>(o.norm, o.common.hiddenSize, o.epsilon));
    };
    before = norm(o.names.before);
    between = norm(o.names.between);
    afterAttention = norm(o.names.afterAttention);
    afterFeedForward = norm(o.names.afterFeedForward);
}

DecoderLayer::Flow DecoderLayer::forward(const Flow& in, const DecoderPass& pass, double pendingDropout,
                                         double branchDropout, torch::ScalarType type) {
    const Normalised first = before->add(in.pending, in.stream, pendingDropout, type);
    Tensor attended = attention->forward(first.out, pass);
    if (m_isParallel) {
        const Tensor wide = feedForward->forward(between->forward(first.sum, type));
        const auto branch = [&](const Tensor& x) { return dropout(x, branchDropout).to(torch::kFloat32); };
        return {first.sum, branch(attended) + branch(wide)};
    }
    if (afterAttention)
        attended = afterAttention->forward(attended, attended.scalar_type());
    const Normalised second = between->add(attended, first.sum, branchDropout, type);
    Tensor wide = feedForward->forward(second.out);
    if (afterFeedForward)
        wide = afterFeedForward->forward(wide, wide.scalar_type());
    return {second.sum, wide};
}

}  // namespace lathe::nn
