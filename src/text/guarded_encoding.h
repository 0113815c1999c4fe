// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Encodes a text of which parts were typed by somebody: control tokens are recognised in the rest only.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "text/byte_range.h"
#include "text/tokenizer.h"

namespace lathe::text {

/// The ids of \p text without the special tokens that encode() puts around a text. A control token (see
/// Tokenizer::controlTokens) counts where none of its bytes lies in \p foreign (sorted, disjoint); its spelling inside
/// a foreign range becomes ordinary tokens. Text without such a forgery is encoded in one piece, exactly as encode()
/// does.
std::vector<TokenId> encodeGuarded(const Tokenizer& tokenizer, std::string_view text,
                                   std::span<const ByteRange> foreign);

}  // namespace lathe::text
