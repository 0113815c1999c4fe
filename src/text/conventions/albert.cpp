// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ALBERT: quotes and accents folded, lower case, Unigram over words, [CLS] text [SEP].
#include "text/conventions/convention.h"

namespace lathe::text::conventions_def {

Convention albert();

namespace {

SortedJson normalizer(const ConventionBuilder& builder) {
    const SortedJson nfkd{{"type", "NFKD"}};
    const SortedJson accents{{"type", "StripAccents"}};
    const SortedJson lower{{"type", "Lowercase"}};
    const SortedJson spaces = builder.replaceRegex(" {2,}", " ");
    // The reference folds once whatever the folder says, then once more as it says: do_lower_case and keep_accents make
    // no difference there, and so none here.
    SortedJson parts =
        SortedJson::array({builder.replace("``", "\""), builder.replace("''", "\""), nfkd, accents, lower, spaces});
    if (!builder.folder().flag("keep_accents", false)) {
        parts.push_back(nfkd);
        parts.push_back(accents);
    }
    if (builder.folder().flag("do_lower_case", true))
        parts.push_back(lower);
    parts.push_back(spaces);
    return builder.sequence("normalizers", std::move(parts));
}

Result<> build(ConventionBuilder& builder) {
    builder.name({{"bos_token", "[CLS]"},
                  {"eos_token", "[SEP]"},
                  {"unk_token", "<unk>"},
                  {"sep_token", "[SEP]"},
                  {"pad_token", "<pad>"},
                  {"cls_token", "[CLS]"},
                  {"mask_token", "[MASK]"}});
    builder.takePieces();
    LATHE_CHECK(builder.addTokens());
    const bool prefix = builder.folder().flag("add_prefix_space", true);
    OlderTokenizer& out = builder.out;
    out.normalizer = normalizer(builder);
    out.preTokenizer = builder.whitespaceMetaspace(prefix);
    out.decoder = builder.metaspace(prefix ? "always" : "never", true);
    const std::string cls = builder.named("cls_token", "[CLS]");
    const std::string sep = builder.named("sep_token", "[SEP]");
    out.postProcessor =
        builder.templateOf({{cls, 0}, {"$A", 0}, {sep, 0}}, {{cls, 0}, {"$A", 0}, {sep, 0}, {"$B", 1}, {sep, 1}});
    return {};
}

}  // namespace

Convention albert() {
    return {"albert", true, {"AlbertTokenizer"}, {"albert"}, build};
}

}  // namespace lathe::text::conventions_def
