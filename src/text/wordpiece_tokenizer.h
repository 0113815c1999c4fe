// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// BERT's tokenizer: clean and fold, split at spaces, punctuation and Chinese characters, longest pieces first.
// Thread: any, once loaded.
#pragma once

#include "text/added_tokens.h"
#include "text/bert_characters.h"
#include "text/component_json.h"
#include "text/template_step.h"
#include "text/tokenizer.h"
#include "text/tokenizer_files.h"
#include "text/vocabulary.h"

namespace lathe::text {

/// Everything that tokenizer.json or vocab.txt says.
struct WordPieceSpec {
    std::vector<std::string> tokens;  ///< by id
    std::vector<AddedToken> added;
    BertNormalization normalization;
    std::string continuingPrefix = "##";
    std::string unknownToken = "[UNK]";
    std::size_t maxCharsPerWord = 100;
    std::vector<TemplateStep> single, pair;
    bool joinPieces = true;  ///< decoder of kind WordPiece; else tokens are joined by spaces
    std::string decoderPrefix = "##";
    bool cleanup = true;
    std::optional<Truncation> truncation;
    std::optional<Padding> padding;
};

/// \param json tokenizer.json. \returns Parse, InvalidInput, Unsupported (a component that is not BERT's: see
/// pipeline_tokenizer.h).
Result<WordPieceSpec> wordPieceFromTokenizerJson(const ComponentJson& json, const std::string& where);
/// vocab.txt with tokenizer_config.json. \returns Parse, InvalidInput.
Result<WordPieceSpec> wordPieceFromVocabulary(const TokenizerFiles& files);

class WordPieceTokenizer final : public Tokenizer {
public:
    static Result<std::shared_ptr<const Tokenizer>> make(WordPieceSpec spec, TokenizerFiles files);

    std::string kind() const override { return "wordpiece"; }
    std::int32_t vocabSize() const override { return m_vocabulary.size(); }
    SpecialTokens special() const override { return m_special; }
    Encoding encode(std::string_view text, bool addSpecial, bool withOffsets) const override;
    Encoding encodePair(std::string_view a, std::string_view b) const override;
    Encoding encodePairWith(std::string_view a, std::string_view b, bool addSpecial, bool withOffsets) const override;
    std::string decode(const std::vector<TokenId>& ids, bool skipSpecial) const override;
    std::optional<Truncation> truncation() const override { return m_spec.truncation; }
    std::optional<Padding> padding() const override { return m_spec.padding; }
    std::string token(TokenId id) const override { return std::string(m_vocabulary.token(id)); }
    std::optional<TokenId> find(std::string_view token) const override;
    Result<> save(const std::filesystem::path& folder) const override { return m_files.save(folder); }

private:
    class Run;
    WordPieceTokenizer(WordPieceSpec spec, TokenizerFiles files);
    Encoding encodeBy(const std::vector<TemplateStep>& steps, std::string_view a, std::string_view b,
                      bool withOffsets) const;

    WordPieceSpec m_spec;
    TokenizerFiles m_files;
    Vocabulary m_vocabulary;
    BertCharacters m_characters;
    AddedTokens m_added;
    TokenId m_unknown = -1;
    SpecialTokens m_special;
};

}  // namespace lathe::text
