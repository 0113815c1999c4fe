// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Cutting encodings to a length and filling batches up to one. Thread: any.
#pragma once

#include <span>

#include "core/result.h"
#include "text/tokenizer.h"

namespace lathe::text {

/// Takes tokens away until \p encoding has at most maxTokens; special tokens stay. LongestFirst shares what is left
/// between two texts, the shorter one first served. Where sequences are not known every token counts as of the first
/// text. \source Hugging Face tokenizers: utils/truncation.rs (semantics).
/// \returns InvalidInput where the chosen text has too few tokens to take, or special tokens alone are too many; the
/// encoding is as it was then.
Result<> truncate(Encoding& encoding, const Truncation& truncation);

/// Fills each encoding up to one length. \returns for each its mask: 1 for its own tokens, 0 for padding.
std::vector<std::vector<std::int32_t>> pad(std::span<Encoding> batch, const Padding& padding);

}  // namespace lathe::text
