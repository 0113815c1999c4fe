// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A tokenizer from the older files of a folder, by the convention that its class or its model names. Thread: any.
#pragma once

#include <memory>
#include <optional>

#include "text/conventions/convention.h"
#include "text/tokenizer_files.h"

namespace lathe::text {

/// The SentencePiece model's name among the folder's files ("tokenizer.model", "spiece.model", ...), or "".
std::string sentencePieceFileName(const TokenizerFiles& files);

/// A SentencePiece model: by its family's convention where one is named, else as the model itself says.
/// \returns Parse, InvalidInput, Unsupported.
Result<std::shared_ptr<const Tokenizer>> tokenizerFromPieces(TokenizerFiles files);

/// vocab.json and merges.txt. \returns Parse, InvalidInput, NotFound (merges.txt), Unsupported (names the class or says
/// that nothing tells whose files they are).
Result<std::shared_ptr<const Tokenizer>> tokenizerFromMerges(TokenizerFiles files);

}  // namespace lathe::text
