// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Gemma: BPE with byte fallback over U+2581, no space before the text.
#include "text/conventions/convention.h"

namespace lathe::text::conventions_def {

Convention gemma();

namespace {

Result<> build(ConventionBuilder& builder) {
    builder.name({{"bos_token", "<bos>"},
                  {"eos_token", "<eos>"},
                  {"unk_token", "<unk>"},
                  {"pad_token", "<pad>"},
                  {"mask_token", "<mask>"}});
    builder.takePieces();
    builder.makeMerges();
    LATHE_CHECK(builder.addTokens());
    OlderTokenizer& out = builder.out;
    out.unknownToken = builder.named("unk_token");
    out.fuseUnknown = true;
    out.byteFallback = true;
    out.normalizer = builder.replace(" ", "\u2581");
    out.preTokenizer = {
        {"type", "Split"}, {"pattern", {{"String", " "}}}, {"behavior", "MergedWithPrevious"}, {"invert", false}};
    out.decoder = builder.sequence(
        "decoders",
        SortedJson::array({builder.replace("\u2581", " "), {{"type", "ByteFallback"}}, {{"type", "Fuse"}}}));
    out.postProcessor = builder.bosEosTemplate();
    return {};
}

}  // namespace

Convention gemma() {
    return {"gemma",
            true,
            {"GemmaTokenizer"},
            {"gemma", "gemma2", "gemma3", "gemma3_text", "recurrent_gemma", "t5gemma"},
            build};
}

}  // namespace lathe::text::conventions_def
