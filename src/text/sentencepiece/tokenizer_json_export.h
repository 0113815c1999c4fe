// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A SentencePiece model that was trained here, as tokenizer.json: Transformers reads that file, and reads it right.
// Private to src/text. Thread: any.
#pragma once

#include <string>
#include <vector>

#include "text/sentencepiece/model_file.h"
#include "text/tokenizer.h"

namespace lathe::text {

/// \param before, after ids around a text. \returns the file's text; the same model gives the same bytes.
std::string tokenizerJsonOf(const SentencePieceFile& file, const std::vector<TokenId>& before,
                            const std::vector<TokenId>& after);

}  // namespace lathe::text
