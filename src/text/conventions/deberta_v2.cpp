// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// DeBERTa v2 and v3: Unigram over the text with U+2581, white space folded, [CLS] text [SEP].
#include "text/conventions/convention.h"

namespace lathe::text::conventions_def {

Convention debertaV2();

namespace {

Result<> build(ConventionBuilder& builder) {
    builder.name({{"bos_token", "[CLS]"},
                  {"eos_token", "[SEP]"},
                  {"unk_token", "[UNK]"},
                  {"sep_token", "[SEP]"},
                  {"pad_token", "[PAD]"},
                  {"cls_token", "[CLS]"},
                  {"mask_token", "[MASK]"}});
    builder.takePieces();
    LATHE_CHECK(builder.addTokens());
    const OlderFolder& folder = builder.folder();
    OlderTokenizer& out = builder.out;
    SortedJson normalizers = SortedJson::array();
    if (folder.flag("do_lower_case", false))
        normalizers.push_back({{"type", "Lowercase"}});
    normalizers.push_back(builder.replaceRegex("\\s{2,}|[\\n\\r\\t]", " "));
    normalizers.push_back({{"type", "NFC"}});
    normalizers.push_back({{"type", "Strip"}, {"strip_left", false}, {"strip_right", true}});
    out.normalizer = builder.sequence("normalizers", std::move(normalizers));
    const char* scheme = folder.flag("add_prefix_space", true) ? "always" : "first";
    SortedJson preTokenizers = SortedJson::array();
    if (folder.flag("split_by_punct", false))
        preTokenizers.push_back({{"type", "Punctuation"}, {"behavior", "Isolated"}});
    preTokenizers.push_back(builder.metaspace(scheme, true));
    out.preTokenizer = builder.sequence("pretokenizers", std::move(preTokenizers));
    out.decoder = builder.metaspace(scheme, true);
    const std::string cls = builder.named("cls_token", "[CLS]");
    const std::string sep = builder.named("sep_token", "[SEP]");
    out.postProcessor =
        builder.templateOf({{cls, 0}, {"$A", 0}, {sep, 0}}, {{cls, 0}, {"$A", 0}, {sep, 0}, {"$B", 1}, {sep, 1}});
    return {};
}

}  // namespace

Convention debertaV2() {
    return {"deberta-v2", true, {"DebertaV2Tokenizer"}, {"deberta-v2"}, build};
}

}  // namespace lathe::text::conventions_def
