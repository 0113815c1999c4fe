// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Models that look words up: WordLevel takes whole words, WordPiece the longest pieces first.
// \source arXiv:1609.08144 section 4.1; Hugging Face tokenizers: models/wordpiece, wordlevel. Thread: any, once built.
#pragma once

#include <string>

#include "core/result.h"
#include "text/models/model.h"
#include "text/vocabulary.h"

namespace lathe::text {

class WordLevel final : public Model {
public:
    /// A word outside the vocabulary is dropped where the unknown token is not in it.
    WordLevel(const std::vector<std::string>& tokens, const std::string& unknownToken);
    void tokenize(std::string_view word, Memory& memory, std::vector<ModelToken>& out) const override;
    std::int32_t size() const override { return m_vocabulary.size(); }
    std::string_view token(TokenId id) const override { return m_vocabulary.token(id); }
    TokenId find(std::string_view token) const override { return token.empty() ? -1 : m_vocabulary.find(token); }
    TokenId unknown() const override { return m_unknown; }

private:
    Vocabulary m_vocabulary;
    TokenId m_unknown = -1;
};

/// WordPiece by itself; BERT's whole tokenizer, in one pass over the text, is wordpiece_tokenizer.h.
class WordPiece final : public Model {
public:
    /// \returns InvalidInput (the unknown token is not in the vocabulary).
    static Result<std::shared_ptr<const WordPiece>> make(const std::vector<std::string>& tokens,
                                                         const std::string& unknownToken, std::string continuingPrefix,
                                                         std::size_t maxCharsPerWord, std::string_view where);
    void tokenize(std::string_view word, Memory& memory, std::vector<ModelToken>& out) const override;
    std::int32_t size() const override { return m_vocabulary.size(); }
    std::string_view token(TokenId id) const override { return m_vocabulary.token(id); }
    TokenId find(std::string_view token) const override { return token.empty() ? -1 : m_vocabulary.find(token); }
    TokenId unknown() const override { return m_unknown; }

private:
    WordPiece(const std::vector<std::string>& tokens, std::string_view continuingPrefix, std::size_t maxCharsPerWord);
    Vocabulary m_vocabulary;
    std::size_t m_maxChars;
    TokenId m_unknown = -1;
};

}  // namespace lathe::text
