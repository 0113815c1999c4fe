// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Qwen 2 and 3: NFC, splitting as GPT-4 does with single digits, byte-level BPE.
#include "text/conventions/convention.h"

namespace lathe::text::conventions_def {

Convention qwen2();

namespace {

constexpr const char* kSplit =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

Result<> build(ConventionBuilder& builder) {
    builder.name({{"eos_token", "<|endoftext|>"}, {"unk_token", "<|endoftext|>"}, {"pad_token", "<|endoftext|>"}});
    LATHE_CHECK(builder.takeVocabularyAndMerges());
    LATHE_CHECK(builder.addTokens());
    OlderTokenizer& out = builder.out;
    out.normalizer = {{"type", "NFC"}};
    const SortedJson split{
        {"type", "Split"}, {"pattern", {{"Regex", kSplit}}}, {"behavior", "Isolated"}, {"invert", false}};
    const bool prefix = builder.folder().flag("add_prefix_space", false);
    out.preTokenizer = builder.sequence("pretokenizers", SortedJson::array({split, builder.byteLevel(prefix, false)}));
    out.decoder = builder.byteLevel(true, true);
    out.postProcessor = builder.bosEosTemplate();
    return {};
}

}  // namespace

Convention qwen2() {
    return {"qwen2", false, {"Qwen2Tokenizer"}, {"qwen2", "qwen2_moe", "qwen3", "qwen3_moe"}, build};
}

}  // namespace lathe::text::conventions_def
