// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Qwen 2 and 2.5: Llama with biases on queries, keys and values, and optional windows in the upper layers.
// \source Qwen Team arXiv:2407.10671
#include "nn/blocks/decoder_options.h"

namespace lathe::nn {

namespace {

Result<DecoderOptions> readQwen2(const Json& raw) {
    ConfigReader reader(raw);
    DecoderDefaults defaults;
    defaults.vocabSize = 151936;
    defaults.intermediateSize = 22016;
    defaults.groups = 32;
    defaults.maxPositions = 32768;
    DecoderOptions options = readDecoder(reader, raw, "qwen2", "Qwen2", defaults);
    options.projectionBias = true;
    readQwenWindows(reader, options);
    LATHE_CHECK(reader.problem());
    return options;
}

}  // namespace

ArchitectureEntry qwen2() {
    return decoderEntry("qwen2", "Qwen 2", "arXiv:2407.10671", {"Qwen2ForCausalLM", "Qwen2ForSequenceClassification"},
                        readQwen2);
}

}  // namespace lathe::nn
