// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "text/conventions/convention_tokenizer.h"
#include "text/tokenizer.h"
#include "text/tokenizer_json.h"
#include "text/wordpiece_tokenizer.h"

namespace lathe::text {

Result<std::shared_ptr<const Tokenizer>> loadTokenizer(const std::filesystem::path& folder) {
    LATHE_TRY(TokenizerFiles files, TokenizerFiles::read(folder));
    return tokenizerFromFiles(std::move(files));
}

Result<std::shared_ptr<const Tokenizer>> tokenizerFromFiles(TokenizerFiles files) {
    const bool pieces = !sentencePieceFileName(files).empty();
    const bool merges = files.has("vocab.json");
    LATHE_TRY(const Json config, files.config());
    const auto split = config.find("split_special_tokens");
    // Where typed text must make no special token, the SentencePiece model itself is run: it makes none.
    const bool prefersPieces = pieces && split != config.end() && split->is_boolean() && split->get<bool>();
    if (files.has("tokenizer.json") && !prefersPieces) {
        if (!pieces && !merges)
            return tokenizerFromJson(std::move(files));
        auto tokenizer = tokenizerFromJson(files);
        // Folders often carry both: what the one has in a way that is not known here, the other may have.
        if (tokenizer || tokenizer.error().code != ErrorCode::Unsupported)
            return tokenizer;
    }
    if (pieces)
        return tokenizerFromPieces(std::move(files));
    if (merges)
        return tokenizerFromMerges(std::move(files));
    if (files.has("vocab.txt")) {
        LATHE_TRY(WordPieceSpec spec, wordPieceFromVocabulary(files));
        return WordPieceTokenizer::make(std::move(spec), std::move(files));
    }
    return fail(ErrorCode::NotFound,
                fmt::format("{}: no tokenizer.json, SentencePiece model, vocab.json or vocab.txt in it",
                            files.folder().string()));
}

}  // namespace lathe::text
