// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// When one token of one conversation can take the short way (decode_token.h), and its weights as that way reads them.
#include "nn/blocks/decode_token.h"
#include "nn/blocks/decoder.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

DecodeLinear viewOf(const std::shared_ptr<Linear>& linear) {
    return {linear->weight, linear->bias, linear->scale};
}

/// \p count rows of a linear layer, from \p row on.
DecodeLinear rowsOf(const std::shared_ptr<Linear>& linear, std::int64_t row, std::int64_t count) {
    const auto part = [&](const Tensor& whole) { return whole.defined() ? whole.narrow(0, row, count) : Tensor(); };
    return {part(linear->weight), part(linear->bias), part(linear->scale)};
}

Tensor weightOf(const std::shared_ptr<Norm>& norm) {
    return norm ? norm->weight : Tensor();
}

bool isAdapted(const std::shared_ptr<Linear>& linear) {
    return linear && !linear->adapters.empty();
}

}  // namespace

bool Decoder::hasAdapters() const {
    return isAdapted(m_head) || std::ranges::any_of(m_layers, [](const std::shared_ptr<DecoderLayer>& layer) {
               const DecoderAttention& a = *layer->attention;
               const DecoderFeedForward& f = *layer->feedForward;
               return isAdapted(a.query) || isAdapted(a.key) || isAdapted(a.value) || isAdapted(a.fused) ||
                      isAdapted(a.output) || isAdapted(f.gate) || isAdapted(f.up) || isAdapted(f.down);
           });
}

bool Decoder::canDecodeFast(const Tensor& ids, const Tensor& mask, GroupedCache& cache) const {
    const DecoderOptions& o = m_options;
    const NetworkConfig& c = o.common;
    const auto type = weightType();
    const bool fits = o.norm != Norm::Kind::Layer && !o.isParallel && o.rotary.dimension > 0 &&
                      o.projections != DecoderOptions::Projections::Interleaved && o.layout == Linear::Layout::OutIn &&
                      (o.gateFused || !o.names.gate.empty()) &&
                      (o.activation == Activation::Silu || o.activation == Activation::GeluTanh) &&
                      c.hiddenSize % 2 == 0 && c.intermediateSize % 2 == 0;
    const bool isOneToken = ids.size(0) == 1 && ids.size(1) == 1 && !mask.defined() && !cache.keyMask().defined() &&
                            cache.batch() == 1 && cache.length() > 0;
    return fits && isOneToken && ids.is_cpu() && m_head && !torch::GradMode::is_enabled() &&
           (type == torch::kFloat32 || type == torch::kBFloat16) && cache.keys(0).scalar_type() == type &&
           !hasAdapters();
}

Tensor Decoder::decodeFast(const Tensor& ids, GroupedCache& cache) {
    const DecoderOptions& o = m_options;
    const NetworkConfig& c = o.common;
    const std::int64_t position = cache.length(), queries = c.heads * o.headDimension,
                       keys = o.groups * o.headDimension;
    cache.grow(1);
    const Tensor at = torch::full({1, 1}, position, torch::kInt64);
    const RotaryTable::Angles angles = m_rotary.of(at, position + 1);
    const std::int64_t row = angles.rows.item<std::int64_t>();
    DecodeWeights weights;
    weights.shape = {c.hiddenSize,
                     c.intermediateSize,
                     c.heads,
                     o.groups,
                     o.headDimension,
                     c.vocabSize,
                     o.rotary.turned(),
                     static_cast<float>(o.epsilon),
                     o.norm == Norm::Kind::RmsPlusOne ? 1.0f : 0.0f,
                     o.activation == Activation::GeluTanh,
                     static_cast<float>(o.scoreSoftcap),
                     static_cast<float>(o.logitSoftcap)};
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        const DecoderLayer& layer = *m_layers[i];
        const DecoderAttention& a = *layer.attention;
        const DecoderFeedForward& f = *layer.feedForward;
        DecodeLayer one;
        one.before = layer.before->weight;
        one.between = layer.between->weight;
        one.afterAttention = weightOf(layer.afterAttention);
        one.afterFeedForward = weightOf(layer.afterFeedForward);
        one.queryNorm = weightOf(a.queryNorm);
        one.keyNorm = weightOf(a.keyNorm);
        one.query = a.fused ? rowsOf(a.fused, 0, queries) : viewOf(a.query);
        one.key = a.fused ? rowsOf(a.fused, queries, keys) : viewOf(a.key);
        one.value = a.fused ? rowsOf(a.fused, queries + keys, keys) : viewOf(a.value);
        one.output = viewOf(a.output);
        one.gate = f.isGateFused ? rowsOf(f.up, 0, c.intermediateSize) : viewOf(f.gate);
        one.up = f.isGateFused ? rowsOf(f.up, c.intermediateSize, c.intermediateSize) : viewOf(f.up);
        one.down = viewOf(f.down);
        one.keys = cache.keys(i);
        one.values = cache.values(i);
        const double scale = a.scores.scale != 0 ? a.scores.scale : 1 / std::sqrt(static_cast<double>(o.headDimension));
        one.scale = static_cast<float>(scale);
        one.window = a.window;
        weights.layers.push_back(std::move(one));
    }
    weights.norm = m_norm->weight;
    weights.head = viewOf(m_head);
    const Tensor x = embedAt(ids, {}, at).reshape({-1}).clone();  // [C]
    Tensor logits = torch::empty({1, c.vocabSize}, torch::kFloat32);
    decodeToken(weights, x, angles.cosines[row], angles.sines[row], position, logits);
    cache.advance(1);
    return logits;  // [1, V]
}

}  // namespace lathe::nn
