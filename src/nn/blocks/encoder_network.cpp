// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What all encoders compute. \source Devlin et al. arXiv:1810.04805
#include "nn/blocks/encoder_network.h"

#include <fmt/format.h>

#include "nn/blocks/init.h"
#include "nn/blocks/recompute.h"
#include "nn/blocks/relative_key.h"
#include "nn/dropout.h"
#include "nn/precision.h"

namespace lathe::nn {

using torch::Tensor;

void EncoderNetwork::addEmbeddings(std::string_view path) {
    m_embeddings = place(*this, path, std::make_shared<EncoderEmbeddings>(m_options));
}

void EncoderNetwork::addProjection(std::string_view path) {
    m_projection = place(*this, path, std::make_shared<Linear>(m_options.embeddingSize, config().hiddenSize, true));
}

void EncoderNetwork::addLayers(std::string_view path, const EncoderLayerNames& names) {
    for (std::int64_t i = 0; i < config().layers; ++i) {
        std::shared_ptr<EncoderLayer> layer;
        if (m_options.places == EncoderPlaces::Absolute)
            layer = std::make_shared<EncoderLayer>(m_options, names);
        else
            layer = std::make_shared<RelativeKeyLayer>(m_options, names);
        addLayer(place(*this, fmt::format("{}.{}", path, i), std::move(layer)));
    }
}

void EncoderNetwork::addHead(const SequenceHead& head) {
    const std::int64_t c = config().hiddenSize, labels = static_cast<std::int64_t>(config().labels.size());
    m_dense = place(*this, head.dense, std::make_shared<Linear>(c, c, true));
    m_out = place(*this, head.out, std::make_shared<Linear>(c, labels, true));
    m_activation = head.activation;
    m_dropoutBefore = head.dropoutBefore;
    m_dropoutAfter = head.dropoutAfter;
}

void EncoderNetwork::addTokenHead(std::string_view path) {
    const std::int64_t labels = static_cast<std::int64_t>(config().labels.size());
    m_out = place(*this, path, std::make_shared<Linear>(config().hiddenSize, labels, true));
    m_dropoutAfter = m_options.classifierDropout;
}

void EncoderNetwork::addHead(const MaskedHead& head) {
    const std::int64_t c = config().hiddenSize, e = m_options.embeddingSize, v = config().vocabSize;
    const std::string_view biasPath = head.bias;
    const Tensor& words = m_embeddings->words->weight;
    m_activation = head.activation;
    m_dense = place(*this, head.dense, std::make_shared<Linear>(c, e, true));
    m_norm = place(*this, head.norm, std::make_shared<Norm>(Norm::Kind::Layer, e, m_options.epsilon));
    // The shared bias belongs to the module that holds the decoder; untied it stays there and nothing reads it.
    Tensor bias;
    if (!biasPath.empty()) {
        auto [holder, name] = holderOf(*this, biasPath);
        bias = holder.register_parameter(name, torch::empty({v}));
    }
    const std::string_view decoder = head.decoder;
    const bool shares = m_options.tied || decoder.empty();
    m_out = shares ? std::make_shared<Linear>(words, bias) : std::make_shared<Linear>(e, v, true);
    if (shares && !bias.defined())
        m_out->bias = m_out->register_parameter("bias", torch::empty({v}));
    if (!decoder.empty())
        place(*this, decoder, m_out);
}

void EncoderNetwork::initialiseAll() {
    initialise(*this, m_options.range, m_embeddings->words->weight, config().padId);
}

Tensor EncoderNetwork::embed(const Batch& batch, const VirtualTokens& virtualTokens) {
    const Tensor x = m_embeddings->forward(batch, virtualTokens, now(m_options.common.dropout));
    return m_projection ? m_projection->forward(x).to(torch::kFloat32) : x;  // [B, P + T, C]
}

Tensor EncoderNetwork::hidden(const Batch& batch) {
    TORCH_CHECK(!batch.segments.defined(), "packed texts are for decoders");
    EncoderPass pass;
    pass.virtualTokens = virtualTokens();
    const std::int64_t past = pass.virtualTokens.pastLength();
    TORCH_CHECK(past == 0 || readsPast(), "prefix tuning does not fit ", config().architecture,
                ": its layers take no keys and values from before; use prompt tuning");
    TORCH_CHECK(past == 0 || pass.virtualTokens.past.size() == m_layers.size(), "the prefix is for ",
                pass.virtualTokens.past.size(), " layers, the network has ", m_layers.size());
    pass.mask.keys = keyMaskOf(maskBehind(batch.mask, past + pass.virtualTokens.promptLength()));  // [B, S]
    pass.hiddenDropout = now(m_options.common.dropout);
    pass.attentionDropout = now(m_options.attentionDropout);
    return throughLayers(embed(batch, pass.virtualTokens), pass, batch);
}

Tensor EncoderNetwork::throughLayers(Tensor x, EncoderPass& pass, const Batch& batch) {
    for (std::size_t i = 0; i < m_layers.size(); ++i)
        x = recomputesLayers() ? recomputedLayer(i, x, pass, batch) : oneLayer(i, x, pass, batch);
    return x;
}

Tensor EncoderNetwork::oneLayer(std::size_t depth, const Tensor& x, const EncoderPass& pass, const Batch&) {
    return m_layers[depth]->forward(x, pass, depth);
}

Tensor EncoderNetwork::recomputedLayer(std::size_t depth, const Tensor& x, const EncoderPass& pass,
                                       const Batch& batch) {
    std::pair<Tensor, Tensor> past;
    if (!pass.virtualTokens.past.empty())
        past = pass.virtualTokens.past.at(depth);
    const auto layer = [this, depth, pass, batch](const std::vector<Tensor>& in) -> std::vector<Tensor> {
        EncoderPass own = pass;
        if (!own.virtualTokens.past.empty())
            own.virtualTokens.past[depth] = {in[1], in[2]};
        own.distances = in[3];
        return {oneLayer(depth, in[0], own, batch)};
    };
    return recomputed({x, past.first, past.second, pass.distances}, layer).front();
}

Tensor EncoderNetwork::classify(const Tensor& states, const Batch&) {
    TORCH_CHECK(m_out && config().head != Head::MaskedLm, "this network has no classification head");
    const PrecisionScope exact(Precision::Float32);  // small products that decide
    if (config().head == Head::TokenClassification)
        return m_out->forward(dropout(states, now(m_dropoutAfter))).to(torch::kFloat32);   // [B, P + T, L]
    const Tensor first = dropout(states.select(1, 0).contiguous(), now(m_dropoutBefore));  // [B, C]
    const Tensor pooled = activate(m_dense->forward(first).to(torch::kFloat32), m_activation);
    return m_out->forward(dropout(pooled, now(m_dropoutAfter))).to(torch::kFloat32);  // [B, L]
}

Tensor EncoderNetwork::tokenLogits(const Tensor& rows) {
    TORCH_CHECK(m_out && config().head == Head::MaskedLm, "this network has no masked-token head");
    return m_out->forward(m_norm->forward(activate(m_dense->forward(rows), m_activation)));  // [N, V]
}

Tensor EncoderNetwork::step(const Tensor&, const Tensor&, KvCache&) {
    TORCH_CHECK(false, "an encoder does not generate");
}

std::unique_ptr<KvCache> EncoderNetwork::makeCache(std::int64_t, std::int64_t) {
    TORCH_CHECK(false, "an encoder does not generate");
}

void EncoderNetwork::setDropout(double probability) {
    m_options.common.dropout = m_options.attentionDropout = m_dropoutAfter = probability;
    if (m_dropoutBefore > 0)
        m_dropoutBefore = probability;
}

}  // namespace lathe::nn
