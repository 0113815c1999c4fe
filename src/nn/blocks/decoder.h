// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Decoder: the network of every decoder family; what they differ in stands in DecoderOptions.
// Thread: compute lane.
#pragma once

#include "nn/blocks/decoder_layers.h"

namespace lathe::nn {

class Decoder : public Network {
public:
    explicit Decoder(DecoderOptions options);

    const NetworkConfig& config() const override { return m_options.common; }
    torch::Tensor embed(const Batch& batch) override;
    torch::Tensor hidden(const Batch& batch) override;
    torch::Tensor classify(const torch::Tensor& hidden, const Batch& batch) override;
    torch::Tensor tokenLogits(const torch::Tensor& rows) override;
    torch::Tensor step(const torch::Tensor& ids, const torch::Tensor& mask, KvCache& cache) override;
    std::unique_ptr<KvCache> makeCache(std::int64_t batch, std::int64_t expectedLength) override;
    void setDropout(double probability) override;

private:
    void addHead();
    void initialiseWeights();
    double now(double probability) const { return is_training() ? probability : 0; }
    /// Of what is not held in 8 bits.
    torch::ScalarType weightType() const { return m_norm->weight.scalar_type(); }
    torch::ScalarType computeType() const;
    /// ids [B, T] -> [B, P + T, C] float32. \p positions [B, P + T] int64
    torch::Tensor embedAt(const torch::Tensor& ids, const torch::Tensor& prompt, const torch::Tensor& positions) const;
    /// [B, P + T] of a whole batch that follows \p extra's past.
    torch::Tensor wholePositions(const Batch& batch, const VirtualTokens& extra) const;
    /// Runs the layers and the norm behind them. \p x [B, T, C] \p positions [B, T] \p length: of the text, for angles.
    /// \p last: only the last position, [B, 1, C], else [B, T, C].
    torch::Tensor hiddenOfPacked(const Batch& batch, const VirtualTokens& extra);
    torch::Tensor run(const torch::Tensor& x, DecoderPass& pass, const torch::Tensor& positions, std::int64_t length,
                      bool last);
    /// A layer of run() of which only what enters is kept.
    DecoderLayer::Flow recompute(std::size_t depth, const DecoderLayer::Flow& flow, const DecoderPass& pass,
                                 double pendingDropout, double branchDropout, torch::ScalarType type);
    torch::Tensor cap(const torch::Tensor& logits) const;

    bool canDecodeFast(const torch::Tensor& ids, const torch::Tensor& mask, GroupedCache& cache) const;
    bool hasAdapters() const;
    torch::Tensor decodeFast(const torch::Tensor& ids, GroupedCache& cache);

    DecoderOptions m_options;
    RotaryTable m_rotary;
    std::shared_ptr<Embedding> m_embedding, m_positions;
    std::vector<std::shared_ptr<DecoderLayer>> m_layers;
    std::shared_ptr<Norm> m_norm;
    std::shared_ptr<Linear> m_head, m_score;  ///< by the head: logits of tokens or of labels
};

}  // namespace lathe::nn
