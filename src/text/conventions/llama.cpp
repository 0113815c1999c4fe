// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Llama, and what was made after it: BPE with byte fallback over U+2581, a space before the text, <s> where asked for.
#include "text/conventions/convention.h"

namespace lathe::text::conventions_def {

Convention llama();

namespace {

Result<> build(ConventionBuilder& builder) {
    builder.name({{"bos_token", "<s>"}, {"eos_token", "</s>"}, {"unk_token", "<unk>"}});
    builder.takePieces();
    builder.makeMerges();
    LATHE_CHECK(builder.addTokens());
    const bool prefix = builder.folder().flag("add_prefix_space", true);
    // "legacy": every stretch between added tokens gets its space, not only the first.
    const bool legacy = builder.folder().flag("legacy", false);
    OlderTokenizer& out = builder.out;
    out.fuseUnknown = true;
    out.byteFallback = true;
    out.preTokenizer = builder.metaspace(!prefix ? "never" : legacy ? "always" : "first", false);
    SortedJson decoders =
        SortedJson::array({builder.replace("\u2581", " "), {{"type", "ByteFallback"}}, {{"type", "Fuse"}}});
    if (prefix)
        decoders.push_back({{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}});
    out.decoder = builder.sequence("decoders", std::move(decoders));
    // The family's own habit where nobody has configured anything.
    out.postProcessor = builder.bosEosTemplate(/*bosByDefault=*/!builder.folder().isConfigured());
    return {};
}

}  // namespace

Convention llama() {
    return {"llama", true, {"LlamaTokenizer"}, {"llama", "mistral", "mixtral", "phi3"}, build};
}

}  // namespace lathe::text::conventions_def
