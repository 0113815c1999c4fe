// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "text/sentencepiece/sentencepiece_tokenizer.h"
#include "text/tokenizer.h"
#include "text/wordpiece_tokenizer.h"

namespace lathe::text {

Result<std::shared_ptr<const Tokenizer>> loadTokenizer(const std::filesystem::path& folder) {
    LATHE_TRY(TokenizerFiles files, TokenizerFiles::read(folder));
    return tokenizerFromFiles(std::move(files));
}

Result<std::shared_ptr<const Tokenizer>> tokenizerFromFiles(TokenizerFiles files) {
    if (files.has("tokenizer.json")) {
        auto spec = wordPieceFromTokenizerJson(files);
        if (spec)
            return WordPieceTokenizer::make(std::move(*spec), std::move(files));
        // Llama folders carry both; the SentencePiece model is the one to read then.
        if (spec.error().code != ErrorCode::Unsupported || !files.has("tokenizer.model"))
            return fail(std::move(spec.error()));
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
