// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Labelled parts as a tag a token, and back: the schemes of CoNLL, tokens of a text, and the blanks between them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/project.h"

namespace lathe::corpus::detail {

/// \source Ramshaw & Marcus 1995 (IOB1); Tjong Kim Sang & Veenstra 1999 (IOB2, IOE1, IOE2); BIOES = BILOU by other
/// letters
enum class TagScheme { Iob1, Iob2, Ioe1, Ioe2, Bioes };
const char* tagSchemeName(TagScheme scheme);  ///< "IOB1" ... "BIOES"
std::optional<TagScheme> tagSchemeFromName(std::string_view name);

/// A run of tokens with a label, half-open.
struct TokenSpan {
    std::size_t begin = 0, end = 0;
    std::string label;
    friend bool operator==(const TokenSpan&, const TokenSpan&) = default;
};

/// \p spans do not overlap and are sorted. "O" for tokens outside of all.
std::vector<std::string> tagsOf(const std::vector<TokenSpan>& spans, std::size_t tokens, TagScheme scheme);
/// Reads the tags of any of the schemes, and of BILOU: a part begins at B, S and U, at another label, and after what
/// is outside or ended (E, L, S, U). That is conlleval's rule, under which each scheme means one thing.
/// \returns nullopt when a tag is of none of them; \p bad is its place then.
std::optional<std::vector<TokenSpan>> spansOf(const std::vector<std::string_view>& tags, std::size_t& bad);
/// Is it O, or a letter of a scheme, a dash and a label?
bool isTag(std::string_view tag);
/// Which scheme sentences are in, as far as their tags tell; nullopt when they fit several (no part beside another of
/// its label, for instance) or none.
std::optional<TagScheme> recogniseScheme(const std::vector<std::vector<std::string>>& sentences);

enum class TokenUnit { Words, Characters, WordsAndHan };
/// Tokens as [begin, end) in code points; blanks are in none. Words are ICU's (UAX 29, Chinese by dictionary);
/// WordsAndHan: Chinese and Japanese by the character, everything else by the word.
struct TokenPlace {
    std::int32_t begin = 0, end = 0;
};
std::vector<TokenPlace> tokensOf(std::string_view text, TokenUnit unit);
bool isTokenBlank(char32_t c);
/// Whether a reader puts a blank between two tokens when the file says nothing: not beside Chinese or Japanese.
bool isSpaced(char32_t before, char32_t after);

/// Blanks in the words of CoNLL-U: "\s" is a space, "\t", "\n", "\r", "\p" a bar, "\x{a0}" anything else.
/// \source https://ufal.mff.cuni.cz/udpipe/1/users-manual (SpacesAfter, SpacesBefore)
std::string escapedBlanks(std::u32string_view blanks);
std::u32string unescapedBlanks(std::string_view text);

}  // namespace lathe::corpus::detail
