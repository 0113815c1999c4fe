// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Uses all of a tokenizer that a fuzzer made, and ends the program where a promise of text/tokenizer.h is broken.
#pragma once

#include <cstdlib>
#include <string>

#include "core/utf8.h"
#include "text/tokenizer.h"

namespace lathe::fuzz {

inline void require(bool promise) {
    if (!promise)
        std::abort();
}

inline void useTokenizer(const text::Tokenizer& tokenizer, const std::string& text) {
    const auto characters = static_cast<std::int32_t>(countCodePoints(text));
    const text::Encoding encoding = tokenizer.encode(text, true, true);
    require(encoding.ids.size() == encoding.offsets.size() && encoding.ids.size() == encoding.typeIds.size());
    for (std::size_t i = 0; i < encoding.ids.size(); ++i) {
        require(encoding.ids[i] >= 0 && encoding.ids[i] < tokenizer.vocabSize());
        const text::Offset offset = encoding.offsets[i];
        require(offset.begin >= 0 && offset.begin <= offset.end && offset.end <= characters);
    }
    require(tokenizer.encode(text, true, false).ids == encoding.ids);
    tokenizer.encodePair(text, "and this");
    for (const bool skipSpecial : {true, false})
        tokenizer.decode(encoding.ids, skipSpecial);
    tokenizer.decode({-1, 0, 1, 2, tokenizer.vocabSize() - 1, tokenizer.vocabSize(), 2000000000}, true);
    for (const text::TokenId id : {-1, 0, 1, tokenizer.vocabSize() - 1, tokenizer.vocabSize()})
        tokenizer.find(tokenizer.token(id));
}

}  // namespace lathe::fuzz
