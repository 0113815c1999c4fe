// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What an encoder's first layer reads: words, positions and types, added up and normalised.
#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <memory>

#include "nn/blocks/encoder_options.h"
#include "nn/blocks/layers.h"
#include "nn/blocks/linear.h"

namespace lathe::nn {

/// Tables word_embeddings, position_embeddings, token_type_embeddings and LayerNorm, as far as the family has them.
struct EncoderEmbeddings : torch::nn::Module {
    explicit EncoderEmbeddings(const EncoderOptions& options);
    /// \returns [B, P + T, E] float32, or [B, P + T, C] where the embeddings are projected here. A prompt stands in
    /// front of the words; past keys move the positions on. c10::Error for a text longer than the position table.
    torch::Tensor forward(const Batch& batch, const VirtualTokens& virtualTokens, double dropoutNow) const;

    /// positions: with relative places a table that checkpoints keep and nothing reads.
    std::shared_ptr<Embedding> words, positions, types;
    std::shared_ptr<Linear> project;
    std::shared_ptr<Norm> norm;

private:
    /// Positions' vectors, [T, E] or [B, T, E]; T counts the prompt.
    torch::Tensor placesOf(const Batch& batch, const VirtualTokens& virtualTokens) const;
    torch::Tensor typesOf(const Batch& batch, std::int64_t promptLength) const;

    bool m_addsPositions, m_countsRealTokens, m_zeroesPadding;
    std::int64_t m_padId;
};

/// \p mask [B, T] with \p ahead real positions before it, [B, ahead + T]; undefined stays undefined.
torch::Tensor maskBehind(const torch::Tensor& mask, std::int64_t ahead);

}  // namespace lathe::nn
