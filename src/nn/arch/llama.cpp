// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Llama: pre-norm layers with RMS norm, rotary positions, grouped queries and SwiGLU.
// \source Touvron et al. arXiv:2302.13971, Llama Team arXiv:2407.21783; names of transformers' modeling_llama
#include "nn/blocks/decoder_options.h"

namespace lathe::nn {

namespace {

Result<DecoderOptions> readLlama(const Json& raw) {
    ConfigReader reader(raw);
    DecoderOptions options = readDecoder(reader, raw, "llama", "Llama", {});
    options.projectionBias = options.outputBias = reader.flag("attention_bias", false);
    options.feedForwardBias = reader.flag("mlp_bias", false);
    LATHE_CHECK(reader.problem());
    return options;
}

}  // namespace

ArchitectureEntry llama() {
    return decoderEntry("llama", "Llama", "arXiv:2302.13971", {"LlamaForCausalLM", "LlamaForSequenceClassification"},
                        readLlama);
}

}  // namespace lathe::nn
