// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// \source Devlin et al. arXiv:1810.04805 fig. 2; RoBERTa's positions: fairseq's make_positions
#include "nn/blocks/encoder_embeddings.h"

#include "nn/dropout.h"

namespace lathe::nn {

using torch::Tensor;

torch::Tensor maskBehind(const Tensor& mask, std::int64_t ahead) {
    if (!mask.defined() || ahead == 0)
        return mask;
    return torch::cat({torch::ones({mask.size(0), ahead}, mask.options()), mask}, 1);
}

EncoderEmbeddings::EncoderEmbeddings(const EncoderOptions& options)
    : m_addsPositions(options.positionRows > 0 && options.places == EncoderPlaces::Absolute),
      m_countsRealTokens(options.countsRealTokens),
      m_zeroesPadding(options.zeroesPadding),
      m_padId(options.common.padId) {
    const NetworkConfig& c = options.common;
    const std::int64_t e = options.embeddingSize;
    const std::int64_t padRow = c.padId < c.vocabSize ? c.padId : -1;
    words = register_module("word_embeddings", std::make_shared<Embedding>(c.vocabSize, e, padRow));
    if (options.positionRows > 0)
        positions = register_module(
            "position_embeddings",
            std::make_shared<Embedding>(options.positionRows, e, options.countsRealTokens ? c.padId : -1));
    if (options.typeCount > 0)
        types = register_module("token_type_embeddings", std::make_shared<Embedding>(options.typeCount, e));
    if (options.projectsEmbeddings)
        project = register_module("embed_proj", std::make_shared<Linear>(e, c.hiddenSize, false));
    norm = register_module("LayerNorm",
                           std::make_shared<Norm>(Norm::Kind::Layer, project ? c.hiddenSize : e, options.epsilon));
}

Tensor EncoderEmbeddings::placesOf(const Batch& batch, const VirtualTokens& virtualTokens) const {
    const std::int64_t past = virtualTokens.pastLength(), rows = positions->weight.size(0);
    const std::int64_t tokens = virtualTokens.promptLength() + batch.ids.size(1);
    const std::int64_t first = m_countsRealTokens ? m_padId + 1 : 0;
    if (m_countsRealTokens && virtualTokens.promptLength() == 0) {
        const Tensor real = batch.ids.ne(m_padId).to(torch::kInt64);     // [B, T]
        const Tensor places = (real.cumsum(1) + past) * real + m_padId;  // [B, T]
        TORCH_CHECK(first + past + tokens <= rows || places.max().item<std::int64_t>() < rows, "the text has ", tokens,
                    " tokens, the model reads ", rows - first - past);
        return positions->forward(places);
    }
    TORCH_CHECK(first + past + tokens <= rows, "the text has ", tokens, " tokens, the model reads ",
                rows - first - past);
    if (positions->adapters.empty())
        return positions->weight.narrow(0, first + past, tokens).to(torch::kFloat32);
    return positions->forward(torch::arange(first + past, first + past + tokens, batch.ids.options()));
}

Tensor EncoderEmbeddings::typesOf(const Batch& batch, std::int64_t promptLength) const {
    if (!batch.typeIds.defined())
        return types->forward(torch::zeros({1}, batch.ids.options()));  // [1, E]
    if (promptLength == 0)
        return types->forward(batch.typeIds);  // [B, T, E]
    const Tensor none = torch::zeros({batch.typeIds.size(0), promptLength}, batch.typeIds.options());
    return types->forward(torch::cat({none, batch.typeIds}, 1));  // [B, P + T, E]
}

Tensor EncoderEmbeddings::forward(const Batch& batch, const VirtualTokens& virtualTokens, double dropoutNow) const {
    Tensor sum = words->forward(batch.ids);  // [B, T, E]
    if (const std::int64_t ahead = virtualTokens.promptLength(); ahead > 0) {
        const Tensor& prompt = virtualTokens.prompt;
        TORCH_CHECK(prompt.size(1) == sum.size(2), "the prompt has ", prompt.size(1), " channels, word embeddings ",
                    sum.size(2));
        sum = torch::cat({prompt.to(torch::kFloat32).unsqueeze(0).expand({sum.size(0), ahead, sum.size(2)}), sum}, 1);
    }
    Tensor added;
    if (m_addsPositions)
        added = placesOf(batch, virtualTokens);
    if (types) {
        const Tensor kind = typesOf(batch, virtualTokens.promptLength());
        added = added.defined() ? added + kind : kind;
    }
    if (added.defined())
        sum = sum + added;
    if (project)
        sum = project->forward(sum);
    Tensor states = norm->forward(sum);
    if (const Tensor mask = maskBehind(batch.mask, virtualTokens.promptLength()); m_zeroesPadding && mask.defined())
        states = states * mask.unsqueeze(2).to(states.scalar_type());
    return dropout(states, dropoutNow);
}

}  // namespace lathe::nn
