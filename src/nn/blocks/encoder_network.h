// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// EncoderNetwork: embeddings, post-norm layers and one of three heads. A family is a constructor that puts the parts
// under its checkpoint's names. Thread: compute lane.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "nn/blocks/encoder_embeddings.h"
#include "nn/blocks/encoder_layer.h"
#include "nn/blocks/encoder_options.h"
#include "nn/blocks/place.h"

namespace lathe::nn {

/// The head over a whole text: out(drop(activation(dense(drop(first token))))).
struct SequenceHead {
    const char* dense = "";  ///< [C, C]
    const char* out = "";    ///< [L, C]
    Activation activation = Activation::Tanh;
    double dropoutBefore = 0, dropoutAfter = 0;
};

/// The head over masked tokens: decoder(norm(activation(dense(x)))).
struct MaskedHead {
    const char* dense = "";  ///< [E, C]
    const char* norm = "";   ///< [E]
    /// [V, E], the word embeddings themselves where the config ties them; "" = always, and nothing is registered
    const char* decoder = "";
    /// [V] beside the decoder, which then adds it where it is tied and has a bias of its own where it is not;
    /// "" = the decoder's bias is always its own
    const char* bias = "";
    Activation activation = Activation::Gelu;
};

class EncoderNetwork : public Network {
public:
    const NetworkConfig& config() const override { return m_options.common; }
    torch::Tensor embed(const Batch& batch) override { return embed(batch, virtualTokens()); }
    torch::Tensor hidden(const Batch& batch) override;
    torch::Tensor classify(const torch::Tensor& states, const Batch& batch) override;
    torch::Tensor tokenLogits(const torch::Tensor& rows) override;
    torch::Tensor step(const torch::Tensor& ids, const torch::Tensor& mask, KvCache& cache) override;
    std::unique_ptr<KvCache> makeCache(std::int64_t batch, std::int64_t expectedLength) override;
    void setDropout(double probability) override;

protected:
    explicit EncoderNetwork(EncoderOptions options) : m_options(std::move(options)) {}

    // What a family's constructor calls, in this order.
    void addEmbeddings(std::string_view path);
    /// E -> C behind the embeddings.
    void addProjection(std::string_view path);
    /// The next layer; the same one may come again (ALBERT).
    void addLayer(std::shared_ptr<EncoderLayer> layer) { m_layers.push_back(std::move(layer)); }
    void addLayers(std::string_view path, const EncoderLayerNames& names);
    void addHead(const SequenceHead& head);
    /// The head over each token, a single matrix [L, C].
    void addTokenHead(std::string_view path);
    void addHead(const MaskedHead& head);
    /// Fresh weights, unless they are about to be loaded.
    void initialiseAll();

    /// Through one of the layers, with what a family puts behind it. \p x [B, P + T, C] -> [B, P + T, C]
    virtual torch::Tensor oneLayer(std::size_t depth, const torch::Tensor& x, const EncoderPass& pass,
                                   const Batch& batch);
    /// Through the layers one after another. \p x [B, P + T, C]
    virtual torch::Tensor throughLayers(torch::Tensor x, EncoderPass& pass, const Batch& batch);
    /// Families whose reference takes no keys from before say so.
    virtual bool readsPast() const { return true; }

    double now(double probability) const { return is_training() ? probability : 0; }
    const EncoderOptions& options() const { return m_options; }
    EncoderEmbeddings& embeddings() { return *m_embeddings; }
    const std::vector<std::shared_ptr<EncoderLayer>>& encoderLayers() const { return m_layers; }

private:
    torch::Tensor embed(const Batch& batch, const VirtualTokens& virtualTokens);
    /// oneLayer(), of which only what enters is kept.
    torch::Tensor recomputedLayer(std::size_t depth, const torch::Tensor& x, const EncoderPass& pass,
                                  const Batch& batch);

    EncoderOptions m_options;
    std::shared_ptr<EncoderEmbeddings> m_embeddings;
    std::shared_ptr<Linear> m_projection;
    std::vector<std::shared_ptr<EncoderLayer>> m_layers;
    std::shared_ptr<Linear> m_dense, m_out;  ///< out: the classifier, or the decoder over the vocabulary
    std::shared_ptr<Norm> m_norm;
    Activation m_activation = Activation::Gelu;
    double m_dropoutBefore = 0, m_dropoutAfter = 0;
};

}  // namespace lathe::nn
