// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How a family of models reads its older tokenizer files (tokenizer.model, or vocab.json and merges.txt): one file each
// in this folder, one line in conventions.def. What comes out is what tokenizer.json would say.
// \source Transformers 5.12.1: models/*/tokenization_*.py, convert_slow_tokenizer.py (semantics). Thread: any.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/result.h"
#include "text/conventions/older_folder.h"
#include "text/sentencepiece/model_file.h"
#include "text/tokenizer.h"

namespace lathe::text {

/// The pieces of tokenizer.json, with the vocabulary beside it.
struct OlderTokenizer {
    SortedJson normalizer, preTokenizer, postProcessor, decoder;  ///< null: there is none
    std::vector<std::string> tokens;                              ///< by id
    std::vector<double> scores;                                   ///< Unigram's, parallel to tokens; empty for BPE
    std::vector<std::pair<std::string, std::string>> merges;      ///< BPE's, the first goes first
    TokenId unknown = -1;                                         ///< Unigram's
    std::string unknownToken;                                     ///< BPE's; "" where it has none
    bool fuseUnknown = false;
    bool byteFallback = false;
    std::vector<std::pair<TokenId, NamedToken>> added;
};

/// What a convention works on.
class ConventionBuilder {
public:
    ConventionBuilder(const OlderFolder& folder, const SentencePieceFile* pieces);
    const OlderFolder& folder() const { return m_folder; }
    const SentencePieceFile& pieces() const { return *m_pieces; }

    /// The special tokens of the family, {"bos_token", "<s>"} and so on, as far as the folder says nothing else. Must
    /// be called first, in the order in which new ones get their ids.
    void name(std::initializer_list<std::pair<const char*, const char*>> usual);
    /// What the folder (or name()) calls "bos_token"; \p otherwise where it calls none.
    std::string named(const char* key, const char* otherwise = "") const;

    /// Where the folder gives this token as bare text, it takes the white space before it.
    void stripLeft(const char* key);

    /// The pieces as they are, Unigram's scores with them.
    void takePieces();
    /// fairseq's order: <s>, <pad>, </s>, <unk>, the pieces from the fourth on, then \p more.
    void takeFairseqPieces(const std::vector<std::string>& more);
    /// A further token of the vocabulary, with the score 0.
    void take(std::string token);
    /// Merges for pieces that have none: all that make a piece, in the order of the pieces, then of the left part.
    void makeMerges();
    /// vocab.json and merges.txt. \returns NotFound, Parse, InvalidInput.
    Result<> takeVocabularyAndMerges();

    /// Added tokens in Transformers' order: the folder's, the named, the extra ones. \returns InvalidInput.
    Result<> addTokens();
    /// Further extra tokens, where the folder says none of its own.
    void addExtra(NamedToken token) { m_extra.push_back(std::move(token)); }

    /// -1 where there is none.
    TokenId id(const std::string& token) const;
    /// A template processor: "$A" and "$B", else tokens; \p types parallel to the steps.
    SortedJson templateOf(const std::vector<std::pair<std::string, int>>& single,
                          const std::vector<std::pair<std::string, int>>& pair) const;
    /// <s> before and </s> behind each text, as add_bos_token and add_eos_token say.
    SortedJson bosEosTemplate(bool bosByDefault = false) const;
    /// Splits at white space, then U+2581 before each word.
    static SortedJson whitespaceMetaspace(bool prefix);
    static SortedJson metaspace(const char* scheme, bool split);
    static SortedJson byteLevel(bool prefixSpace, bool useRegex);
    /// The model's own character map; null where it has none.
    SortedJson characterMap() const;
    static SortedJson replace(const char* pattern, const char* content);
    static SortedJson replaceRegex(const char* pattern, const char* content);
    static SortedJson sequence(const char* key, SortedJson parts);

    OlderTokenizer out;

private:
    Result<> addToken(std::int64_t wanted, const NamedToken& token);
    void index(TokenId id);

    const OlderFolder& m_folder;
    const SentencePieceFile* m_pieces;
    std::vector<std::pair<std::string, NamedToken>> m_named;
    std::vector<NamedToken> m_extra;
    std::unordered_map<std::string, TokenId> m_ids;
};

struct Convention {
    const char* id;
    bool fromPieces;                        ///< reads a SentencePiece model; else vocab.json and merges.txt
    std::vector<std::string_view> classes;  ///< tokenizer_class, without "Fast"
    std::vector<std::string_view> models;   ///< model_type, where no class is named
    Result<> (*build)(ConventionBuilder& builder);
};

/// All of them, in the order of conventions.def.
const std::vector<Convention>& conventions();
/// The one that the folder asks for, by class, then by model; nullptr where none does.
const Convention* findConvention(const OlderFolder& folder, bool fromPieces);

}  // namespace lathe::text
