// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/blocks/encoder_decoder.h"

#include "nn/precision_type.h"

namespace lathe::nn {

using torch::Tensor;

void CrossCache::reorder(const Tensor& rows) {
    m_own.reorder(rows);
    m_rows = rows.size(0);
    if (!hasSource())
        return;
    // beams of one text move among rows that attend to the same source: nothing to copy then
    const Tensor sources = m_sources.index_select(0, rows);
    if (sources.equal(m_sources))
        return;
    m_sources = sources;
    for (KeysAndValues& layer : m_layers) {
        layer.keys = layer.keys.index_select(0, rows);
        layer.values = layer.values.index_select(0, rows);
    }
    if (m_mask.defined())
        m_mask = m_mask.index_select(0, rows);
}

void CrossCache::setSource(std::vector<KeysAndValues> layers, Tensor mask) {
    TORCH_CHECK(!layers.empty() && layers.front().keys.size(0) == m_rows, "the cache was made for ", m_rows, " rows");
    m_sources = torch::arange(m_rows, torch::TensorOptions(torch::kInt64).device(layers.front().keys.device()));
    m_layers = std::move(layers);
    m_mask = std::move(mask);
}

KeysAndValues sourceOf(const DecoderPass& pass, MultiHeadAttention& attention, std::size_t layer) {
    return pass.cache ? pass.cache->source(layer) : attention.keysOf(pass.encoded);
}

Tensor EncoderDecoder::hidden(const Batch& batch) {
    TORCH_CHECK(batch.decoderIds.defined(), "an encoder-decoder needs what its decoder reads");
    TORCH_CHECK(!batch.segments.defined(), "packed texts are for decoders");
    DecoderPass pass;
    pass.encoded = encode(batch);  // [B, T, C]
    pass.source.keys = keyMaskOf(batch.mask);
    pass.own.keys = keyMaskOf(batch.decoderMask);
    pass.own.causal = true;
    return decode(batch.decoderIds, pass);  // [B, U, C]
}

Tensor EncoderDecoder::classify(const Tensor&, const Batch&) {
    TORCH_CHECK(false, "this network has no classification head");
}

void EncoderDecoder::prime(const Batch& batch, KvCache& cache) {
    dynamic_cast<CrossCache&>(cache).setSource(sourceKeys(encode(batch)), keyMaskOf(batch.mask));
}

Tensor EncoderDecoder::step(const Tensor& ids, const Tensor& mask, KvCache& cache) {
    auto& cross = dynamic_cast<CrossCache&>(cache);
    TORCH_CHECK(cross.hasSource(), "the encoder has read nothing yet");
    const std::int64_t t = ids.size(1);
    DecoderPass pass;
    pass.cache = &cross;
    pass.own.past = cross.length();
    pass.own.causal = t > 1;
    pass.source.keys = cross.sourceMask();
    cross.own().grow(t);
    cross.own().note(mask, t);
    pass.own.keys = cross.own().keyMask();
    const Tensor states = decode(ids, pass);  // [B, T, C]
    cross.own().advance(t);
    return tokenLogits(states.select(1, t - 1)).to(torch::kFloat32);  // [B, V]
}

std::unique_ptr<KvCache> EncoderDecoder::makeCache(std::int64_t batch, std::int64_t expectedLength) {
    const DecoderShape decoder = decoderShape();
    GroupedCache::Shape shape;
    shape.layers = decoder.layers;
    shape.batch = batch;
    shape.groups = decoder.heads;
    shape.dimension = decoder.dimension;
    shape.capacity = std::max<std::int64_t>(16, expectedLength);
    shape.dtype = computeType();
    shape.device = headWeight().device();
    return std::make_unique<CrossCache>(shape);
}

Tensor EncoderDecoder::decoderInput(const Tensor& labels) const {
    const NetworkConfig& c = config();
    TORCH_CHECK(c.decoderStartId >= 0, "config.json gives no decoder_start_token_id, so labels cannot be shifted");
    const Tensor start = torch::full({labels.size(0), 1}, c.decoderStartId, labels.options());
    const Tensor shifted = torch::cat({start, labels.narrow(1, 0, labels.size(1) - 1)}, 1);  // [B, U]
    return shifted.masked_fill(shifted == -100, std::max<std::int64_t>(0, c.padId));
}

torch::ScalarType EncoderDecoder::computeType() const {
    const auto type = headWeight().scalar_type();
    return type == torch::kFloat32 ? productType() : type;
}

void EncoderDecoder::refuseVirtualTokens() const {
    const VirtualTokens tokens = virtualTokens();
    TORCH_CHECK(tokens.promptLength() == 0 && tokens.pastLength() == 0,
                "prompt-based adapters have no place in encoder-decoders yet; use LoRA or another layer adapter");
}

}  // namespace lathe::nn
