// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// XLM-RoBERTa: Unigram over words, fairseq's ids, <s> text </s>, pairs parted by </s></s>.
#include "text/conventions/convention.h"

namespace lathe::text::conventions_def {

Convention xlmRoberta();

namespace {

Result<> build(ConventionBuilder& builder) {
    builder.name({{"bos_token", "<s>"},
                  {"eos_token", "</s>"},
                  {"unk_token", "<unk>"},
                  {"sep_token", "</s>"},
                  {"pad_token", "<pad>"},
                  {"cls_token", "<s>"},
                  {"mask_token", "<mask>"}});
    builder.takeFairseqPieces({builder.named("mask_token", "<mask>")});
    LATHE_CHECK(builder.addTokens());
    const bool prefix = builder.folder().flag("add_prefix_space", true);
    OlderTokenizer& out = builder.out;
    out.normalizer = builder.characterMap();
    out.preTokenizer = builder.whitespaceMetaspace(prefix);
    out.decoder = builder.metaspace(prefix ? "always" : "never", true);
    const std::string bos = builder.named("bos_token", "<s>");
    const std::string eos = builder.named("eos_token", "</s>");
    out.postProcessor = builder.templateOf({{bos, 0}, {"$A", 0}, {eos, 0}},
                                           {{bos, 0}, {"$A", 0}, {eos, 0}, {eos, 0}, {"$B", 0}, {eos, 0}});
    return {};
}

}  // namespace

Convention xlmRoberta() {
    return {"xlm-roberta", true, {"XLMRobertaTokenizer"}, {"xlm-roberta", "xlm-roberta-xl", "xmod"}, build};
}

}  // namespace lathe::text::conventions_def
