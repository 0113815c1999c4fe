// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Gemma 2: Gemma with norms behind attention and feed-forward layer too, soft caps on scores and logits, and a window
// in every other layer. \source Gemma Team arXiv:2408.00118
#include <cmath>

#include "nn/blocks/decoder_options.h"

namespace lathe::nn {

namespace {

DecoderDefaults gemma2Defaults() {
    DecoderDefaults defaults;
    defaults.vocabSize = 256000;
    defaults.hiddenSize = 2304;
    defaults.intermediateSize = 9216;
    defaults.layers = 26;
    defaults.heads = 8;
    defaults.groups = 4;
    defaults.headDimension = 256;
    defaults.maxPositions = 8192;
    defaults.isTied = true;
    defaults.padId = 0;
    defaults.activationKey = "hidden_activation";
    defaults.activation = "gelu_pytorch_tanh";
    return defaults;
}

/// Missing means the class's default, null means none.
double readSoftcap(ConfigReader& reader, std::string_view key, double fallback) {
    return reader.mentions(key) && !reader.find(key) ? 0 : reader.real(key, fallback, 1e-3, 1e9);
}

Result<DecoderOptions> readGemma2(const Json& raw) {
    ConfigReader reader(raw);
    DecoderOptions options = readDecoder(reader, raw, "gemma2", "Gemma2", gemma2Defaults());
    options.names.afterAttention = "post_attention_layernorm";
    options.names.between = "pre_feedforward_layernorm";
    options.names.afterFeedForward = "post_feedforward_layernorm";
    options.norm = Norm::Kind::RmsPlusOne;
    options.embeddingScale = std::sqrt(static_cast<double>(options.common.hiddenSize));
    options.projectionBias = options.outputBias = reader.flag("attention_bias", false);
    options.scoreSoftcap = readSoftcap(reader, "attn_logit_softcapping", 50);
    options.logitSoftcap = readSoftcap(reader, "final_logit_softcapping", 30);
    const double scalar = reader.real("query_pre_attn_scalar", 256, 1e-9, 1e9);
    options.scales.assign(options.windows.size(), 1 / std::sqrt(scalar));
    options.windows = readWindows(reader, options.common.layers, readWindow(reader, 4096),
                                  [](std::int64_t layer) { return layer % 2 == 0; });
    refuseBidirectional(reader);
    LATHE_CHECK(reader.problem());
    return options;
}

}  // namespace

ArchitectureEntry gemma2() {
    return decoderEntry("gemma2", "Gemma 2", "arXiv:2408.00118",
                        {"Gemma2ForCausalLM", "Gemma2ForSequenceClassification"}, readGemma2);
}

}  // namespace lathe::nn
