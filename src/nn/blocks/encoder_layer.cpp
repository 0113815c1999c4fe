// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// \source Vaswani et al. arXiv:1706.03762 section 3 (post-norm), Devlin et al. arXiv:1810.04805
#include "nn/blocks/encoder_layer.h"

#include "nn/blocks/place.h"

namespace lathe::nn {

using torch::Tensor;

EncoderLayer::EncoderLayer(const EncoderOptions& options, const EncoderLayerNames& names)
    : heads(options.common.heads),
      activation(options.activation),
      dropsAttended(names.dropsAttended),
      dropsNarrow(names.dropsNarrow) {
    const std::int64_t c = options.common.hiddenSize, f = options.common.intermediateSize;
    const auto norm = [&] { return std::make_shared<Norm>(Norm::Kind::Layer, c, options.epsilon); };
    query = place(*this, names.query, std::make_shared<Linear>(c, c, true));
    key = place(*this, names.key, std::make_shared<Linear>(c, c, true));
    value = place(*this, names.value, std::make_shared<Linear>(c, c, true));
    attended = place(*this, names.attended, std::make_shared<Linear>(c, c, true));
    attendedNorm = place(*this, names.attendedNorm, norm());
    wide = place(*this, names.wide, std::make_shared<Linear>(c, f, true));
    narrow = place(*this, names.narrow, std::make_shared<Linear>(f, c, true));
    outputNorm = place(*this, names.outputNorm, norm());
    m_projections = std::make_unique<LinearGroup>(std::vector<Linear*>{query.get(), key.get(), value.get()});
}

AttentionScores EncoderLayer::scores(const Tensor&, const Tensor&, const EncoderPass&) {
    return {};
}

Tensor EncoderLayer::forward(const Tensor& x, const EncoderPass& pass, std::size_t depth) {
    const std::vector<Tensor> qkv = m_projections->forward(x);  // 3 x [B, T, C]
    const Tensor q = splitHeads(qkv[0], heads);                 // [B, H, T, D]
    Tensor k = splitHeads(qkv[1], heads);                       // [B, H, T, D]
    Tensor v = splitHeads(qkv[2], heads);                       // [B, H, T, D]
    if (const auto& past = pass.virtualTokens.past; !past.empty()) {
        const auto behind = [&](const Tensor& read, const Tensor& now) {
            const Tensor rows = read.to(now.scalar_type()).unsqueeze(0);
            return torch::cat({rows.expand({now.size(0), -1, -1, -1}), now}, 2);  // [B, H, S, D]
        };
        k = behind(past.at(depth).first, k);
        v = behind(past.at(depth).second, v);
    }
    const Tensor context = attend(q, k, v, pass.mask, pass.attentionDropout, scores(q, k, pass));  // [B, T, C]
    const Tensor middle = attendedNorm->add(attended->forward(context), x, dropsAttended ? pass.hiddenDropout : 0).out;
    const Tensor inner = activate(wide->forward(middle), activation);  // [B, T, F]
    return outputNorm->add(narrow->forward(inner), middle, dropsNarrow ? pass.hiddenDropout : 0).out;
}

}  // namespace lathe::nn
