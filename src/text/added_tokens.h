// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens that are found in the text as given, before it is normalised: [CLS], [MASK] and what a user added.
// \source Hugging Face tokenizers: added_vocabulary.rs (semantics: leftmost, then longest). Thread: any, once built.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "text/tokenizer.h"

namespace lathe::text {

struct AddedToken {
    std::string content;
    TokenId id = -1;
    bool singleWord = false;  ///< not inside a word
    bool stripLeft = false;   ///< takes the white space before it
    bool stripRight = false;
    bool special = false;
};

class AddedTokens {
public:
    void add(AddedToken token);
    const std::vector<AddedToken>& all() const { return m_tokens; }
    bool isSpecial(TokenId id) const;
    /// May a token begin with this byte?
    bool mayBegin(char byte) const { return m_first[static_cast<unsigned char>(byte)]; }
    /// The longest token whose content stands at \p pos, or nullptr.
    const AddedToken* match(std::string_view text, std::size_t pos) const;
    /// Whether the characters around [begin, end) allow a match of this token.
    static bool fits(const AddedToken& token, std::string_view text, std::size_t begin, std::size_t end);

private:
    std::vector<AddedToken> m_tokens;  // longest first
    std::array<bool, 256> m_first{};
};

}  // namespace lathe::text
