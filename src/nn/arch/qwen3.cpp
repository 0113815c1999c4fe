// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Qwen 3: Llama with a norm on each head's queries and keys. \source Qwen Team arXiv:2505.09388
#include "nn/blocks/decoder_options.h"

namespace lathe::nn {

namespace {

Result<DecoderOptions> readQwen3(const Json& raw) {
    ConfigReader reader(raw);
    DecoderDefaults defaults;
    defaults.vocabSize = 151936;
    defaults.intermediateSize = 22016;
    defaults.groups = 32;
    defaults.headDimension = 128;
    defaults.maxPositions = 32768;
    DecoderOptions options = readDecoder(reader, raw, "qwen3", "Qwen3", defaults);
    options.names.queryNorm = "q_norm";
    options.names.keyNorm = "k_norm";
    options.projectionBias = options.outputBias = reader.flag("attention_bias", false);
    readQwenWindows(reader, options);
    LATHE_CHECK(reader.problem());
    return options;
}

}  // namespace

ArchitectureEntry qwen3() {
    return decoderEntry("qwen3", "Qwen 3", "arXiv:2505.09388", {"Qwen3ForCausalLM", "Qwen3ForSequenceClassification"},
                        readQwen3);
}

}  // namespace lathe::nn
