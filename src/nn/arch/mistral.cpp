// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Mistral: Llama whose layers all see a sliding window of keys. \source Jiang et al. arXiv:2310.06825
#include "nn/blocks/decoder_options.h"

namespace lathe::nn {

namespace {

Result<DecoderOptions> readMistral(const Json& raw) {
    ConfigReader reader(raw);
    DecoderDefaults defaults;
    defaults.intermediateSize = 14336;
    defaults.groups = 8;
    defaults.maxPositions = 4096 * 32;
    DecoderOptions options = readDecoder(reader, raw, "mistral", "Mistral", defaults);
    // null: no window
    const std::int64_t window = readWindow(reader, 4096);
    options.windows.assign(options.windows.size(), window);
    LATHE_CHECK(reader.problem());
    return options;
}

}  // namespace

ArchitectureEntry mistral() {
    return decoderEntry("mistral", "Mistral", "arXiv:2310.06825",
                        {"MistralForCausalLM", "MistralForSequenceClassification"}, readMistral);
}

}  // namespace lathe::nn
