// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Whole texts (training) and steps behind a cache (generation) through the same layers.
#include "nn/blocks/decoder.h"

#include <cmath>

#include "nn/blocks/init.h"
#include "nn/blocks/recompute.h"
#include "nn/precision_type.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

/// Each row's positions by its real tokens; padding counts as position 0. \p mask [B, T] \returns [B, T]
Tensor countReal(const Tensor& mask) {
    return (mask.ne(0).to(torch::kInt64).cumsum(1) - 1).clamp_min(0);
}

/// [B, T] -> [B, extra + T]
Tensor withOnes(const Tensor& mask, std::int64_t extra) {
    if (!mask.defined() || extra == 0)
        return mask;
    return torch::cat({torch::ones({mask.size(0), extra}, mask.options()), mask}, 1);
}

Tensor countUp(std::int64_t from, std::int64_t count, const Tensor& ids) {
    return torch::arange(from, from + count, ids.options()).unsqueeze(0).expand({ids.size(0), count}).contiguous();
}

}  // namespace

Decoder::Decoder(DecoderOptions options) : m_options(std::move(options)), m_rotary(m_options.rotary) {
    const NetworkConfig& c = m_options.common;
    const DecoderNames& names = m_options.names;
    auto base = register_module(names.base, std::make_shared<Named>());
    m_embedding = base->register_module(names.embedding, std::make_shared<Embedding>(c.vocabSize, c.hiddenSize));
    if (m_options.rotary.dimension == 0)
        m_positions = base->register_module(names.positions, std::make_shared<Embedding>(c.maxPositions, c.hiddenSize));
    auto layers = base->register_module(names.layers, std::make_shared<Named>());
    for (std::int64_t i = 0; i < c.layers; ++i)
        m_layers.push_back(layers->register_module(
            std::to_string(i), std::make_shared<DecoderLayer>(m_options, static_cast<std::size_t>(i))));
    m_norm = base->register_module(names.norm, std::make_shared<Norm>(m_options.norm, c.hiddenSize, m_options.epsilon));
    addHead();
    initialiseWeights();
}

void Decoder::addHead() {
    const NetworkConfig& c = m_options.common;
    if (c.head == Head::SequenceClassification)
        m_score = register_module(
            "score", std::make_shared<Linear>(c.hiddenSize, static_cast<std::int64_t>(c.labels.size()), false));
    else if (m_options.isTied)
        m_head = register_module(m_options.names.head, std::make_shared<Linear>(m_embedding->weight, Tensor()));
    else
        m_head = register_module(m_options.names.head, std::make_shared<Linear>(c.hiddenSize, c.vocabSize, false));
}

void Decoder::initialiseWeights() {
    if (UnsetWeights::isActive())
        return;
    const NetworkConfig& c = m_options.common;
    initialise(*this, m_options.range, m_embedding->weight, c.padId);
    const torch::NoGradGuard noGrad;
    const double residual = m_options.range / std::sqrt(2.0 * static_cast<double>(c.layers));
    for (auto& module : modules(false))
        if (auto* norm = dynamic_cast<Norm*>(module.get()); norm && norm->kind == Norm::Kind::RmsPlusOne)
            norm->weight.zero_();
    if (m_options.scalesResidualInit)
        for (const auto& layer : m_layers) {
            layer->attention->output->weight.normal_(0, residual);
            layer->feedForward->down->weight.normal_(0, residual);
        }
}

torch::ScalarType Decoder::computeType() const {
    const auto type = weightType();
    return type == torch::kFloat32 ? productType() : type;
}

void Decoder::setDropout(double probability) {
    m_options.common.dropout = probability;
    if (m_options.dropsEverywhere)
        m_options.attentionDropout = m_options.embeddingDropout = probability;
}

Tensor Decoder::embedAt(const Tensor& ids, const Tensor& prompt, const Tensor& positions) const {
    Tensor x = m_embedding->forward(ids);  // [B, T, C]
    if (m_options.embeddingScale != 1) {
        // the reference keeps the factor in the weights' type
        const Tensor scale = torch::tensor(m_options.embeddingScale, torch::kFloat32).to(weightType());
        x = x * scale.item<double>();
    }
    if (prompt.defined())  // stands for embeddings after their scaling
        x = torch::cat({prompt.to(x.options()).unsqueeze(0).expand({x.size(0), -1, -1}), x}, 1);  // [B, P + T, C]
    return m_positions ? x + m_positions->forward(positions) : x;
}

Tensor Decoder::wholePositions(const Batch& batch, const VirtualTokens& extra) const {
    const std::int64_t past = extra.pastLength(), prompt = extra.promptLength();
    // rotary attention sees only differences of positions, so padding on either side may count
    if (m_positions && batch.mask.defined())
        return countReal(withOnes(batch.mask, prompt)) + past;
    return countUp(past, prompt + batch.ids.size(1), batch.ids);
}

Tensor Decoder::embed(const Batch& batch) {
    if (batch.segments.defined())
        return embedAt(batch.ids, Tensor(), SegmentPlan(batch.segments).positions());
    const VirtualTokens extra = virtualTokens();
    return embedAt(batch.ids, extra.prompt, wholePositions(batch, extra));
}

Tensor Decoder::hidden(const Batch& batch) {
    const VirtualTokens extra = virtualTokens();
    if (batch.segments.defined())
        return hiddenOfPacked(batch, extra);
    const Tensor positions = wholePositions(batch, extra);  // [B, P + T]
    DecoderPass pass;
    pass.extra = &extra;
    pass.mask.causal = true;
    pass.mask.past = extra.pastLength();
    pass.mask.keys = keyMaskOf(withOnes(batch.mask, extra.pastLength() + extra.promptLength()));
    pass.attentionDropout = now(m_options.attentionDropout);
    const std::int64_t length = extra.pastLength() + positions.size(1);
    return run(embedAt(batch.ids, extra.prompt, positions), pass, positions, length, false);
}

Tensor Decoder::hiddenOfPacked(const Batch& batch, const VirtualTokens& extra) {
    TORCH_CHECK(!batch.mask.defined() && extra.promptLength() + extra.pastLength() == 0,
                "packed texts go with neither a mask nor virtual tokens");
    const SegmentPlan plan(batch.segments);
    DecoderPass pass;
    pass.mask.causal = true;
    pass.segments = &plan;
    pass.attentionDropout = now(m_options.attentionDropout);
    return run(embedAt(batch.ids, Tensor(), plan.positions()), pass, plan.positions(), plan.longest(), false);
}

Tensor Decoder::run(const Tensor& x, DecoderPass& pass, const Tensor& positions, std::int64_t length, bool last) {
    if (!m_positions)
        pass.angles = m_rotary.of(positions, length);
    const torch::ScalarType type = computeType();
    const double branch = now(m_options.common.dropout), joined = m_options.isParallel ? 0 : branch;
    DecoderLayer::Flow flow{Tensor(), x};
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        const double pending = i == 0 ? now(m_options.embeddingDropout) : joined;
        flow = recomputesLayers() ? recompute(i, flow, pass, pending, branch, type)
                                  : m_layers[i]->forward(flow, pass, pending, branch, type);
    }
    if (last) {
        const std::int64_t end = flow.pending.size(1) - 1;
        flow = {flow.stream.narrow(1, end, 1), flow.pending.narrow(1, end, 1)};  // [B, 1, C]
    }
    return m_norm->add(flow.pending, flow.stream, joined).out;
}

DecoderLayer::Flow Decoder::recompute(std::size_t depth, const DecoderLayer::Flow& flow, const DecoderPass& pass,
                                      double pendingDropout, double branchDropout, torch::ScalarType type) {
    std::pair<Tensor, Tensor> past;
    if (pass.extra && !pass.extra->past.empty())
        past = pass.extra->past.at(depth);
    const auto layer = [=, this](const std::vector<Tensor>& in) -> std::vector<Tensor> {
        VirtualTokens extra;
        if (in[2].defined()) {
            extra.past.resize(depth + 1);
            extra.past[depth] = {in[2], in[3]};
        }
        DecoderPass own = pass;
        own.extra = &extra;
        const auto out = m_layers[depth]->forward({in[0], in[1]}, own, pendingDropout, branchDropout, type);
        return {out.stream, out.pending};
    };
    const std::vector<Tensor> out = recomputed({flow.stream, flow.pending, past.first, past.second}, layer);
    return {out[0], out[1]};
}

Tensor Decoder::cap(const Tensor& logits) const {
    const double limit = m_options.logitSoftcap;
    return limit > 0 ? torch::tanh(logits / limit) * limit : logits;
}

Tensor Decoder::tokenLogits(const Tensor& rows) {
    TORCH_CHECK(m_head, "this network has no head over the vocabulary");
    return cap(m_head->forward(rows));  // [N, V]
}

Tensor Decoder::classify(const Tensor& states, const Batch& batch) {
    TORCH_CHECK(m_score, "this network has no classification head");
    const std::int64_t padId = m_options.common.padId, all = states.size(1), t = batch.ids.size(1);
    // the reference looks for padding by its id, and not at all behind prompts that have no ids
    Tensor at = torch::full({states.size(0)}, all - 1, batch.ids.options());  // [B]
    if (all == t) {
        const Tensor real = padId >= 0 ? batch.ids.ne(padId) : batch.mask.defined() ? batch.mask.ne(0) : Tensor();
        if (real.defined())
            at = (real.to(torch::kInt64) * torch::arange(t, batch.ids.options())).argmax(1);
    }
    const Tensor row = at.view({-1, 1, 1}).expand({-1, 1, states.size(2)});
    return m_score->forward(states.gather(1, row).squeeze(1));  // [B, L]
}

Tensor Decoder::step(const Tensor& ids, const Tensor& mask, KvCache& cache) {
    auto& grouped = dynamic_cast<GroupedCache&>(cache);
    if (m_options.rereadsWhenLong) {
        const std::int64_t limit = m_options.rotary.originalPositions, past = grouped.length();
        grouped.remember(ids, mask);
        if (past > 0 && past <= limit && past + ids.size(1) > limit) {
            const auto [text, textMask] = grouped.restart();
            return step(text, textMask, cache);
        }
    }
    if (canDecodeFast(ids, mask, grouped))
        return decodeFast(ids, grouped);
    const VirtualTokens extra = grouped.length() == 0 ? virtualTokens() : VirtualTokens();
    if (extra.pastLength() > 0)
        grouped.begin(extra.past);
    const std::int64_t past = grouped.length(), t = extra.promptLength() + ids.size(1);
    const Tensor seen = grouped.realTokens().to(ids.device()).unsqueeze(1);  // [B, 1]
    const Tensor whole = withOnes(mask, extra.promptLength());               // [B, P + T]
    const Tensor positions = (seen + (whole.defined() ? countReal(whole) : countUp(0, t, ids))).contiguous();
    grouped.grow(t);
    grouped.note(whole, t);
    DecoderPass pass;
    pass.mask.causal = t > 1;
    pass.mask.past = past;
    pass.mask.keys = grouped.keyMask();
    pass.cache = &grouped;
    const std::int64_t length = m_rotary.dependsOnLength() ? positions.max().item<std::int64_t>() + 1 : past + t;
    const Tensor states = run(embedAt(ids, extra.prompt, positions), pass, positions, length, true);  // [B, 1, C]
    grouped.advance(t);
    return tokenLogits(states.select(1, 0)).to(torch::kFloat32);  // [B, V]
}

std::unique_ptr<KvCache> Decoder::makeCache(std::int64_t batch, std::int64_t expectedLength) {
    GroupedCache::Shape shape;
    shape.layers = m_options.common.layers;
    shape.batch = batch;
    shape.groups = m_options.groups;
    shape.dimension = m_options.headDimension;
    shape.capacity = std::max<std::int64_t>(16, expectedLength);
    shape.dtype = computeType();
    shape.device = m_embedding->weight.device();
    return std::make_unique<GroupedCache>(shape);
}

}  // namespace lathe::nn
