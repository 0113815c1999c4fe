// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/models/word_models.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/utf8.h"

namespace lathe::text {

WordLevel::WordLevel(const std::vector<std::string>& tokens, const std::string& unknownToken) : m_vocabulary(tokens) {
    m_unknown = find(unknownToken);
}

void WordLevel::tokenize(std::string_view word, Memory&, std::vector<ModelToken>& out) const {
    TokenId id = find(word);
    if (id < 0)
        id = m_unknown;
    if (id >= 0)
        out.push_back({id, 0, static_cast<std::uint32_t>(word.size())});
}

WordPiece::WordPiece(const std::vector<std::string>& tokens, std::string_view continuingPrefix,
                     std::size_t maxCharsPerWord)
    : m_vocabulary(tokens, continuingPrefix), m_maxChars(maxCharsPerWord) {
}

Result<std::shared_ptr<const WordPiece>> WordPiece::make(const std::vector<std::string>& tokens,
                                                         const std::string& unknownToken, std::string continuingPrefix,
                                                         std::size_t maxCharsPerWord, std::string_view where) {
    std::shared_ptr<WordPiece> model(new WordPiece(tokens, continuingPrefix, maxCharsPerWord));
    model->m_unknown = model->find(unknownToken);
    if (model->m_unknown < 0)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{}: the unknown token \"{}\" is not in the vocabulary", where, unknownToken));
    return std::shared_ptr<const WordPiece>(std::move(model));
}

void WordPiece::tokenize(std::string_view word, Memory&, std::vector<ModelToken>& out) const {
    const std::size_t before = out.size();
    const auto unknownWord = [&] {
        out.resize(before);
        out.push_back({m_unknown, 0, static_cast<std::uint32_t>(word.size())});
    };
    std::size_t characters = 0;
    for (std::size_t pos = 0; pos < word.size() && characters <= m_maxChars; ++characters)
        nextCodePoint(word, pos);
    if (characters > m_maxChars)
        return unknownWord();
    for (std::size_t begin = 0; begin < word.size();) {
        const StringTable& pieces = begin == 0 ? m_vocabulary.initial() : m_vocabulary.continuing();
        std::size_t length = std::min(word.size() - begin, pieces.longestBytes());
        TokenId id = -1;
        for (; length > 0; --length) {
            const std::size_t end = begin + length;
            if (end < word.size() && (static_cast<unsigned char>(word[end]) & 0xC0) == 0x80)
                continue;  // inside a character
            id = pieces.find(word.substr(begin, length));
            if (id >= 0)
                break;
        }
        if (id < 0)
            return unknownWord();
        out.push_back({id, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin + length)});
        begin += length;
    }
}

}  // namespace lathe::text
