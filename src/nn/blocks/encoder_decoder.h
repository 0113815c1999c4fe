// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What all encoder-decoders share: the encoder runs once, the decoder reads its keys from a cache.
// Thread: compute lane.
#pragma once

#include <vector>

#include "nn/blocks/kv_cache.h"
#include "nn/blocks/multi_head_attention.h"
#include "nn/network.h"

namespace lathe::nn {

/// The decoder's own keys and values, and those of the encoder's states, computed once.
class CrossCache : public KvCache {
public:
    explicit CrossCache(const GroupedCache::Shape& own) : m_own(own), m_rows(own.batch) {}

    std::int64_t length() const override { return m_own.length(); }
    void reorder(const torch::Tensor& rows) override;

    GroupedCache& own() { return m_own; }
    /// One per decoder layer. \p mask [B, S] uint8, 1 = visible; undefined = all.
    void setSource(std::vector<KeysAndValues> layers, torch::Tensor mask);
    bool hasSource() const { return !m_layers.empty(); }
    const KeysAndValues& source(std::size_t layer) const { return m_layers[layer]; }
    const torch::Tensor& sourceMask() const { return m_mask; }

private:
    GroupedCache m_own;
    std::int64_t m_rows;
    std::vector<KeysAndValues> m_layers;
    torch::Tensor m_mask;
    torch::Tensor m_sources;  ///< [B] int64: which row of the first batch each row attends to
};

/// One pass through a decoder.
struct DecoderPass {
    torch::Tensor encoded;        ///< [B, S, C]; undefined when the cache has the encoder's keys
    AttentionMask own, source;    ///< over its own tokens; over the encoder's
    CrossCache* cache = nullptr;  ///< null while training
    std::int64_t past() const { return own.past; }
};

class EncoderDecoder : public Network {
public:
    torch::Tensor hidden(const Batch& batch) override;
    torch::Tensor classify(const torch::Tensor& hidden, const Batch& batch) override;
    void prime(const Batch& batch, KvCache& cache) override;
    torch::Tensor step(const torch::Tensor& ids, const torch::Tensor& mask, KvCache& cache) override;
    std::unique_ptr<KvCache> makeCache(std::int64_t batch, std::int64_t expectedLength) override;
    /// Behind the start token come the labels but the last; ignored ones become padding.
    torch::Tensor decoderInput(const torch::Tensor& labels) const override;

protected:
    struct DecoderShape {
        std::int64_t layers = 0, heads = 0, dimension = 0;
    };
    virtual DecoderShape decoderShape() const = 0;
    /// [B, U] int64 -> [B, U, C] after the final norm
    virtual torch::Tensor decode(const torch::Tensor& ids, const DecoderPass& pass) = 0;
    /// The encoder's states [B, S, C] as each decoder layer sees them.
    virtual std::vector<KeysAndValues> sourceKeys(const torch::Tensor& encoded) = 0;
    virtual const torch::Tensor& headWeight() const = 0;

    /// What sublayers compute in: the weights' type, or bfloat16 when float32 weights are trained in it.
    torch::ScalarType computeType() const;
    double now(double probability) const { return is_training() ? probability : 0; }
    void refuseVirtualTokens() const;
};

/// \p source's keys and values for a layer: from the pass's cache, or made of its states.
KeysAndValues sourceOf(const DecoderPass& pass, MultiHeadAttention& attention, std::size_t layer);

}  // namespace lathe::nn
