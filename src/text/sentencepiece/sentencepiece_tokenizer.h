// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A SentencePiece model as a Tokenizer, with no family's habits but the ones that it says itself. Thread: any.
#pragma once

#include <unordered_map>

#include "text/sentencepiece/sentencepiece_model.h"
#include "text/tokenizer.h"
#include "text/tokenizer_files.h"

namespace lathe::text {

class SentencePieceTokenizer final : public Tokenizer {
public:
    static Result<std::shared_ptr<const Tokenizer>> make(std::shared_ptr<const SentencePieceModel> model,
                                                         TokenizerFiles files);

    std::string kind() const override { return "sentencepiece"; }
    std::int32_t vocabSize() const override { return static_cast<std::int32_t>(m_tokens.size()); }
    SpecialTokens special() const override { return m_special; }
    Encoding encode(std::string_view text, bool addSpecial, bool withOffsets) const override;
    Encoding encodePair(std::string_view a, std::string_view b) const override;
    std::string decode(const std::vector<TokenId>& ids, bool skipSpecial) const override;
    std::string token(TokenId id) const override;
    std::optional<TokenId> find(std::string_view token) const override;
    Result<> save(const std::filesystem::path& folder) const override { return m_files.save(folder); }

private:
    explicit SentencePieceTokenizer(TokenizerFiles files) : m_files(std::move(files)) {}
    Result<> readVocabulary(const Json& config);
    void readSpecialTokens(const Json& config);
    void readTemplate(const Json& config);
    void append(std::string_view text, std::int32_t typeId, bool withOffsets, Encoding& out) const;
    static void appendSpecial(const std::vector<TokenId>& ids, std::int32_t typeId, bool withOffsets, Encoding& out);
    bool isControl(TokenId id) const;

    TokenizerFiles m_files;
    std::shared_ptr<const SentencePieceModel> m_model;
    std::vector<std::string> m_tokens;  // the model's pieces, then tokens added beside it
    std::unordered_map<std::string_view, TokenId> m_ids;
    SpecialTokens m_special;
    std::vector<TokenId> m_before, m_after;  // around a text
    std::vector<TokenId> m_beforeSecond;     // between the two of a pair, after m_after
};

}  // namespace lathe::text
