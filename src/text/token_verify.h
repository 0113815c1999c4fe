// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Compares a tokenizer folder with the golden.json beside it: ids, tokens, offsets, decoded text, the pair.
#pragma once

#include <filesystem>

#include "core/result.h"
#include "core/verify_outcome.h"

namespace lathe::text {

/// golden.json has "kind" "tokenizer.json" or "sentencepiece" and "cases". A tokenizer of a kind that this version does
/// not read is an outcome (Unsupported), not an error. \returns NotFound, Parse for a golden.json that cannot be used.
Result<VerifyOutcome> verifyTokenizer(const std::filesystem::path& folder);

}  // namespace lathe::text
