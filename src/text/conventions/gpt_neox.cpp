// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// GPT-NeoX (Pythia): NFC, byte-level BPE.
#include "text/conventions/convention.h"

namespace lathe::text::conventions_def {

Convention gptNeox();

namespace {

Result<> build(ConventionBuilder& builder) {
    builder.name({{"bos_token", "<|endoftext|>"},
                  {"eos_token", "<|endoftext|>"},
                  {"unk_token", "<|endoftext|>"},
                  {"pad_token", "<|padding|>"}});
    LATHE_CHECK(builder.takeVocabularyAndMerges());
    LATHE_CHECK(builder.addTokens());
    OlderTokenizer& out = builder.out;
    out.normalizer = {{"type", "NFC"}};
    out.preTokenizer = builder.byteLevel(builder.folder().flag("add_prefix_space", false), true);
    out.decoder = builder.byteLevel(true, true);
    out.postProcessor = builder.bosEosTemplate();
    return {};
}

}  // namespace

Convention gptNeox() {
    return {"gpt-neox", false, {"GPTNeoXTokenizer"}, {"gpt_neox", "olmo", "mpt", "stablelm"}, build};
}

}  // namespace lathe::text::conventions_def
