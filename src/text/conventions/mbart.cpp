// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// mBART: Unigram over words, fairseq's ids, 25 languages behind the pieces, the text's language behind </s>.
#include "text/conventions/convention.h"

#include <fmt/format.h>

#include <array>

namespace lathe::text::conventions_def {

Convention mbart();

namespace {

constexpr std::array kLanguages{"ar_AR", "cs_CZ", "de_DE", "en_XX", "es_XX", "et_EE", "fi_FI", "fr_XX", "gu_IN",
                                "hi_IN", "it_IT", "ja_XX", "kk_KZ", "ko_KR", "lt_LT", "lv_LV", "my_MM", "ne_NP",
                                "nl_XX", "ro_RO", "ru_RU", "si_LK", "tr_TR", "vi_VN", "zh_CN"};

Result<> build(ConventionBuilder& builder) {
    builder.name({{"bos_token", "<s>"},
                  {"eos_token", "</s>"},
                  {"unk_token", "<unk>"},
                  {"sep_token", "</s>"},
                  {"pad_token", "<pad>"},
                  {"cls_token", "<s>"},
                  {"mask_token", "<mask>"}});
    builder.stripLeft("mask_token");
    std::vector<std::string> more(kLanguages.begin(), kLanguages.end());
    more.push_back(builder.named("mask_token", "<mask>"));
    builder.takeFairseqPieces(more);
    for (const char* language : kLanguages)
        builder.addExtra({language, false, false, false, false, true});
    LATHE_CHECK(builder.addTokens());
    const std::string language = builder.folder().text("src_lang", "en_XX");
    if (builder.id(language) < 0)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{}: src_lang \"{}\" is no token of this model",
                                builder.folder().files().pathOf("tokenizer_config.json"), language));
    OlderTokenizer& out = builder.out;
    out.preTokenizer = builder.whitespaceMetaspace(true);
    out.decoder = builder.metaspace("always", true);
    const std::string eos = builder.named("eos_token", "</s>");
    out.postProcessor =
        builder.templateOf({{"$A", 0}, {eos, 0}, {language, 0}}, {{"$A", 0}, {"$B", 0}, {eos, 0}, {language, 0}});
    return {};
}

}  // namespace

Convention mbart() {
    return {"mbart", true, {"MBartTokenizer"}, {"mbart"}, build};
}

}  // namespace lathe::text::conventions_def
