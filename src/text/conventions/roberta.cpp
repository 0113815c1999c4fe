// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// RoBERTa and BART: byte-level BPE, <s> text </s>, pairs parted by </s></s>, all of type 0.
#include "text/conventions/convention.h"

namespace lathe::text::conventions_def {

Convention roberta();

namespace {

Result<> build(ConventionBuilder& builder) {
    builder.name({{"bos_token", "<s>"},
                  {"eos_token", "</s>"},
                  {"unk_token", "<unk>"},
                  {"sep_token", "</s>"},
                  {"pad_token", "<pad>"},
                  {"cls_token", "<s>"},
                  {"mask_token", "<mask>"}});
    LATHE_CHECK(builder.takeVocabularyAndMerges());
    LATHE_CHECK(builder.addTokens());
    const bool prefix = builder.folder().flag("add_prefix_space", false);
    OlderTokenizer& out = builder.out;
    out.preTokenizer = builder.byteLevel(prefix, true);
    out.decoder = builder.byteLevel(true, true);
    const std::string cls = builder.named("cls_token", "<s>");
    const std::string sep = builder.named("sep_token", "</s>");
    out.postProcessor = {{"type", "RobertaProcessing"},
                         {"sep", {sep, builder.id(sep)}},
                         {"cls", {cls, builder.id(cls)}},
                         {"trim_offsets", builder.folder().flag("trim_offsets", true)},
                         {"add_prefix_space", prefix}};
    return {};
}

}  // namespace

Convention roberta() {
    return {"roberta",
            false,
            {"RobertaTokenizer", "BartTokenizer", "LongformerTokenizer", "LEDTokenizer"},
            {"roberta", "roberta-prelayernorm", "bart", "longformer", "led", "data2vec-text"},
            build};
}

}  // namespace lathe::text::conventions_def
