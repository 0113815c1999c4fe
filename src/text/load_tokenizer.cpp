// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "text/sentencepiece/sentencepiece_tokenizer.h"
#include "text/tokenizer.h"
#include "text/tokenizer_json.h"
#include "text/wordpiece_tokenizer.h"

namespace lathe::text {

Result<std::shared_ptr<const Tokenizer>> loadTokenizer(const std::filesystem::path& folder) {
    LATHE_TRY(TokenizerFiles files, TokenizerFiles::read(folder));
    return tokenizerFromFiles(std::move(files));
}

Result<std::shared_ptr<const Tokenizer>> tokenizerFromFiles(TokenizerFiles files) {
    if (files.has("tokenizer.json")) {
        if (!files.has("tokenizer.model"))
            return tokenizerFromJson(std::move(files));
        auto tokenizer = tokenizerFromJson(files);
        // Llama folders carry both: what the one has in a way that is not known here, the other may have.
        if (tokenizer || tokenizer.error().code != ErrorCode::Unsupported)
            return tokenizer;
    }
    if (files.has("tokenizer.model"))
        return SentencePieceTokenizer::load(std::move(files));
    if (files.has("vocab.txt")) {
        LATHE_TRY(WordPieceSpec spec, wordPieceFromVocabulary(files));
        return WordPieceTokenizer::make(std::move(spec), std::move(files));
    }
    return fail(ErrorCode::NotFound,
                fmt::format("{}: no tokenizer.json, tokenizer.model or vocab.txt in it", files.folder().string()));
}

}  // namespace lathe::text
