// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// T5, mT5 and their kin: Unigram over words, </s> behind each text, sentinels <extra_id_N> behind the pieces, last one
// first.
#include "text/conventions/convention.h"

#include <fmt/format.h>

namespace lathe::text::conventions_def {

Convention t5();

namespace {

constexpr std::int64_t kMostExtraIds = 10000;

Result<> build(ConventionBuilder& builder) {
    const std::int64_t extraIds = builder.folder().integer("extra_ids", 100);
    if (extraIds < 0 || extraIds > kMostExtraIds)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{}: extra_ids is {}; 0 to {} can be made",
                                builder.folder().files().pathOf("tokenizer_config.json"), extraIds, kMostExtraIds));
    builder.name({{"eos_token", "</s>"}, {"unk_token", "<unk>"}, {"pad_token", "<pad>"}});
    builder.takePieces();
    for (std::int64_t i = extraIds; i-- > 0;) {
        const std::string sentinel = fmt::format("<extra_id_{}>", i);
        if (builder.id(sentinel) < 0)
            builder.take(sentinel);
        builder.addExtra({sentinel, false, false, false, false, true});
    }
    LATHE_CHECK(builder.addTokens());
    OlderTokenizer& out = builder.out;
    out.normalizer = builder.characterMap();
    out.preTokenizer = builder.whitespaceMetaspace(true);
    out.decoder = builder.metaspace("always", true);
    const std::string eos = builder.named("eos_token", "</s>");
    out.postProcessor = builder.templateOf({{"$A", 0}, {eos, 0}}, {{"$A", 0}, {eos, 0}, {"$B", 0}, {eos, 0}});
    return {};
}

}  // namespace

Convention t5() {
    return {"t5", true, {"T5Tokenizer", "MT5Tokenizer"}, {"t5", "mt5", "umt5", "switch_transformers", "longt5"}, build};
}

}  // namespace lathe::text::conventions_def
