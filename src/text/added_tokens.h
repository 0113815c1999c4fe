// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens that are found in the text as given, or after it was normalised: [CLS], [MASK] and what a user added.
// \source Hugging Face tokenizers: added_vocabulary.rs (semantics: leftmost, then longest). Thread: any, once built.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "text/tokenizer.h"
#include "text/trie.h"

namespace lathe::text {

struct AddedToken {
    std::string content;
    TokenId id = -1;
    bool singleWord = false;  ///< not inside a word
    bool stripLeft = false;   ///< takes the white space before it
    bool stripRight = false;
    bool special = false;
    bool normalized = false;  ///< looked for in the normalised text
};

/// An added token in a text; the bytes [begin, end) with the white space that it takes.
struct AddedMatch {
    std::size_t begin = 0;
    std::size_t end = 0;
    const AddedToken* token = nullptr;
};

class AddedTokens {
public:
    AddedTokens() = default;
    /// \param spelled what is looked for, parallel to \p tokens: their contents, or what the normaliser makes of them.
    AddedTokens(std::vector<AddedToken> tokens, const std::vector<std::string>& spelled);
    explicit AddedTokens(std::vector<AddedToken> tokens);

    const std::vector<AddedToken>& all() const { return m_tokens; }
    bool isSpecial(TokenId id) const { return m_special.contains(id); }
    /// May a token begin with this byte?
    bool mayBegin(char byte) const { return m_first[static_cast<unsigned char>(byte)]; }
    /// The token whose spelling, the longest, stands at \p pos; nullptr where there is none. \p length: its bytes.
    const AddedToken* match(std::string_view text, std::size_t pos, std::size_t& length) const;
    /// Whether the characters around [begin, end) allow a match of this token.
    static bool fits(const AddedToken& token, std::string_view text, std::size_t begin, std::size_t end);
    /// All of them from left to right.
    void find(std::string_view text, std::vector<AddedMatch>& out) const;

private:
    std::vector<AddedToken> m_tokens;
    Trie m_trie;
    std::array<bool, 256> m_first{};
    std::unordered_set<TokenId> m_special;
};

}  // namespace lathe::text
