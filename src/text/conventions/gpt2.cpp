// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// GPT-2 and its kin: byte-level BPE.
#include "text/conventions/convention.h"

namespace lathe::text::conventions_def {

Convention gpt2();

namespace {

Result<> build(ConventionBuilder& builder) {
    builder.name({{"bos_token", "<|endoftext|>"}, {"eos_token", "<|endoftext|>"}, {"unk_token", "<|endoftext|>"}});
    LATHE_CHECK(builder.takeVocabularyAndMerges());
    LATHE_CHECK(builder.addTokens());
    OlderTokenizer& out = builder.out;
    out.preTokenizer = builder.byteLevel(builder.folder().flag("add_prefix_space", false), true);
    out.decoder = builder.byteLevel(true, true);
    out.postProcessor = builder.bosEosTemplate();
    return {};
}

}  // namespace

Convention gpt2() {
    return {"gpt2",
            false,
            {"GPT2Tokenizer"},
            {"gpt2", "gpt_neo", "gptj", "gpt_bigcode", "opt", "phi", "codegen", "starcoder2"},
            build};
}

}  // namespace lathe::text::conventions_def
