// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/blocks/multi_head_attention.h"

namespace lathe::nn {

using torch::Tensor;

MultiHeadAttention::MultiHeadAttention(const MultiHeadOptions& options) : heads(options.heads), scale(options.scale) {
    const std::int64_t c = options.channels, inner = options.heads * options.dimension;
    query = register_module(options.query, std::make_shared<Linear>(c, inner, options.bias));
    key = register_module(options.key, std::make_shared<Linear>(c, inner, options.bias));
    value = register_module(options.value, std::make_shared<Linear>(c, inner, options.bias));
    output = register_module(options.output, std::make_shared<Linear>(inner, c, options.bias));
    m_all = std::make_unique<LinearGroup>(std::vector<Linear*>{query.get(), key.get(), value.get()});
    m_source = std::make_unique<LinearGroup>(std::vector<Linear*>{key.get(), value.get()});
}

Tensor MultiHeadAttention::overItself(const Tensor& x, const AttentionMask& mask, double dropout, const Tensor& bias,
                                      GroupedCache* cache, std::size_t layer) {
    const std::vector<Tensor> qkv = m_all->forward(x);                    // 3 x [B, T, H * D]
    Tensor k = splitHeads(qkv[1], heads), v = splitHeads(qkv[2], heads);  // [B, H, T, D]
    if (cache)
        std::tie(k, v) = cache->append(layer, k, v);  // [B, H, S, D]
    AttentionScores scores;
    scores.scale = scale;
    scores.bias = bias;
    return output->forward(attend(splitHeads(qkv[0], heads), k, v, mask, dropout, scores));
}

KeysAndValues MultiHeadAttention::keysOf(const Tensor& encoded) {
    const std::vector<Tensor> both = m_source->forward(encoded);  // 2 x [B, S, H * D]
    return {splitHeads(both[0], heads), splitHeads(both[1], heads)};
}

Tensor MultiHeadAttention::over(const KeysAndValues& source, const Tensor& x, const AttentionMask& mask,
                                double dropout) {
    const Tensor q = splitHeads(query->forward(x), heads);  // [B, H, T, D]
    AttentionScores scores;
    scores.scale = scale;
    return output->forward(attend(q, source.keys, source.values, mask, dropout, scores));
}

}  // namespace lathe::nn
