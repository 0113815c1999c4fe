// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Unigram language model: of all ways to cut a word into pieces the one with the highest sum of scores (Viterbi).
// \source arXiv:1804.10959; Hugging Face tokenizers: models/unigram (semantics). Thread: any, once built.
#pragma once

#include <array>
#include <string>

#include "core/result.h"
#include "text/models/model.h"
#include "text/models/word_cache.h"
#include "text/trie.h"
#include "text/vocabulary.h"

namespace lathe::text {

struct UnigramSpec {
    std::vector<std::string> tokens;  ///< by id; of a token that is there twice the last one counts
    std::vector<double> scores;       ///< log probabilities, parallel to tokens
    TokenId unknown = -1;             ///< -1: characters without a piece are dropped
    bool byteFallback = false;        ///< an unknown character becomes <0xE4> <0xBD> <0xA0>, if all are there
    /// Which tokens may be found in a text (SentencePiece's control pieces may not); empty = all.
    std::vector<bool> matchable;
    /// Of one unknown character; not given: the lowest score of all tokens less 10.
    std::optional<double> unknownScore;
    bool singlePrecision = false;  ///< sums in float, as the SentencePiece library does it
};

class Unigram final : public Model {
public:
    /// \param where named in errors. \returns InvalidInput (no tokens, lists of different lengths, scores that are no
    /// numbers, an unknown id outside the vocabulary).
    static Result<std::shared_ptr<const Unigram>> make(UnigramSpec spec, std::string_view where);

    std::unique_ptr<Memory> newMemory() const override;
    void tokenize(std::string_view word, Memory& memory, std::vector<ModelToken>& out) const override;
    std::int32_t size() const override { return m_vocabulary.size(); }
    std::string_view token(TokenId id) const override { return m_vocabulary.token(id); }
    TokenId find(std::string_view token) const override { return token.empty() ? -1 : m_vocabulary.find(token); }
    TokenId unknown() const override { return m_spec.unknown; }

private:
    class Work;
    explicit Unigram(UnigramSpec spec);
    template <class Score>
    void findBestPath(std::string_view word, Work& work) const;
    void readPath(std::string_view word, Work& work, std::vector<ModelToken>& out) const;
    void pushUnknown(std::string_view word, std::uint32_t begin, std::uint32_t end, std::vector<ModelToken>& out) const;

    UnigramSpec m_spec;
    Vocabulary m_vocabulary;
    Trie m_trie;
    double m_unknownScore = 0;
    std::array<TokenId, 256> m_bytes{};
};

}  // namespace lathe::text
