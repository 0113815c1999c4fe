// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// tokenizer.json as Hugging Face writes it. Private to src/text. Thread: any.
#pragma once

#include "text/pipeline_tokenizer.h"

namespace lathe::text {

/// What tokenizer.json (with tokenizer_config.json and special_tokens_map.json) says. BERT's WordPiece gets its
/// one-pass tokenizer, all else a PipelineTokenizer. \returns Parse, InvalidInput, Unsupported (names the component
/// that is not known).
Result<std::shared_ptr<const Tokenizer>> tokenizerFromJson(TokenizerFiles files);

/// The tokens that tokenizer_config.json and special_tokens_map.json name ("bos_token", ...), by \p find.
template <class Find>
SpecialTokens namedSpecialTokens(const Json& config, const Json& map, const Find& find) {
    const auto named = [&](const char* key) -> TokenId {
        for (const Json* source : {&config, &map})
            if (const std::string content = tokenFromConfig(*source, key); !content.empty())
                return find(content);
        return -1;
    };
    return {.pad = named("pad_token"),
            .unknown = named("unk_token"),
            .bos = named("bos_token"),
            .eos = named("eos_token"),
            .cls = named("cls_token"),
            .sep = named("sep_token"),
            .mask = named("mask_token")};
}

}  // namespace lathe::text
