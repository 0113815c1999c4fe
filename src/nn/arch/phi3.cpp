// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Phi-3 and Phi-4: Llama with query, key and value in one projection, gate and up in another, and LongRoPE.
// \source Abdin et al. arXiv:2404.14219
#include "nn/blocks/decoder_options.h"

namespace lathe::nn {

namespace {

Result<DecoderOptions> readPhi3(const Json& raw) {
    ConfigReader reader(raw);
    DecoderDefaults defaults;
    defaults.vocabSize = 32064;
    defaults.hiddenSize = 3072;
    defaults.intermediateSize = 8192;
    defaults.maxPositions = 4096;
    defaults.epsilon = 1e-5;
    defaults.padId = 32000;
    RotaryRules rotary;
    rotary.canBePartial = true;
    rotary.originalPositions = 4096;
    rotary.onlyLongRope = true;
    DecoderOptions options = readDecoder(reader, raw, "phi3", "Phi3", defaults, rotary);
    options.projections = DecoderOptions::Projections::Together;
    options.names.fused = "qkv_proj";
    options.names.gate.clear();
    options.names.up = "gate_up_proj";
    options.gateFused = true;
    options.rereadsWhenLong = options.rotary.kind == RotaryOptions::Kind::LongRope;
    options.windows.assign(options.windows.size(), readWindow(reader, 0));
    LATHE_CHECK(reader.problem());
    return options;
}

}  // namespace

ArchitectureEntry phi3() {
    return decoderEntry("phi3", "Phi-3", "arXiv:2404.14219", {"Phi3ForCausalLM", "Phi3ForSequenceClassification"},
                        readPhi3);
}

}  // namespace lathe::nn
