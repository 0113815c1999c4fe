// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which tokens make up a word, by their places in the text alone, so that it holds for every tokenizer.
// Thread: any.
#pragma once

#include <string_view>
#include <vector>

#include "text/tokenizer.h"

namespace lathe::text {

/// The same places without white space at their ends, which some tokenizers count to the word behind it. What is
/// nothing but white space becomes empty.
std::vector<Offset> withoutSpaces(std::string_view text, const std::vector<Offset>& offsets);

/// Parallel to \p offsets: whether a token goes on with the word of the token before it: they touch, with letters or
/// digits on both sides. Scripts without spaces between words (Han, kana, Thai, Lao, Khmer, Burmese) go on nowhere.
std::vector<bool> continuesWord(std::string_view text, const std::vector<Offset>& offsets);

}  // namespace lathe::text
