// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Gemma: Llama with wide heads, GELU gates, norms around 1 and embeddings scaled by sqrt(hidden size).
// \source Gemma Team arXiv:2403.08295
#include <cmath>

#include "nn/blocks/decoder_options.h"

namespace lathe::nn {

namespace {

Result<DecoderOptions> readGemma(const Json& raw) {
    ConfigReader reader(raw);
    DecoderDefaults defaults;
    defaults.vocabSize = 256000;
    defaults.hiddenSize = 3072;
    defaults.intermediateSize = 24576;
    defaults.layers = 28;
    defaults.heads = defaults.groups = 16;
    defaults.headDimension = 256;
    defaults.maxPositions = 8192;
    defaults.isTied = true;
    defaults.padId = 0;
    defaults.activation = "gelu_pytorch_tanh";
    DecoderOptions options = readDecoder(reader, raw, "gemma", "Gemma", defaults);
    options.norm = Norm::Kind::RmsPlusOne;
    options.embeddingScale = std::sqrt(static_cast<double>(options.common.hiddenSize));
    options.projectionBias = options.outputBias = reader.flag("attention_bias", false);
    refuseBidirectional(reader);
    LATHE_CHECK(reader.problem());
    return options;
}

}  // namespace

ArchitectureEntry gemma() {
    return decoderEntry("gemma", "Gemma", "arXiv:2403.08295", {"GemmaForCausalLM", "GemmaForSequenceClassification"},
                        readGemma);
}

}  // namespace lathe::nn
