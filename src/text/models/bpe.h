// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Byte-pair encoding: a word's characters (or bytes) are joined pair by pair, the pair of lowest rank first.
// \source arXiv:1508.07909 section 3.2; Hugging Face tokenizers: models/bpe (semantics). Thread: any, once built.
#pragma once

#include <array>
#include <string>

#include "core/result.h"
#include "text/code_point_map.h"
#include "text/models/model.h"
#include "text/models/word_cache.h"
#include "text/vocabulary.h"

namespace lathe::text {

/// Two tokens that become one. Pairs of equal rank are joined from left to right.
struct BpeMerge {
    TokenId left = -1;
    TokenId right = -1;
    std::uint32_t rank = 0;  ///< the lowest goes first
};

struct BpeSpec {
    std::vector<std::string> tokens;  ///< by id; "" where an id is not used
    std::vector<BpeMerge> merges;     ///< of a pair that is there twice the last one counts
    std::string unknownToken;         ///< "": characters without a token are dropped
    bool fuseUnknown = false;         ///< neighbouring unknown characters become one token
    bool byteFallback = false;        ///< an unknown character becomes <0xE4> <0xBD> <0xA0>, if all are there
    bool ignoreMerges = false;        ///< a word that is in the vocabulary is taken whole
    std::string continuingPrefix;     ///< written before a character that does not begin its word ("##")
    std::string wordSuffix;           ///< written behind a word's last character ("</w>")
    /// The vocabulary is written in the byte-level alphabet (see byte_alphabet.h) and tokenize() gets the bytes that it
    /// stands for. Not with continuingPrefix, wordSuffix or byteFallback.
    bool byteLevel = false;
};

class Bpe final : public Model {
public:
    /// \param where named in errors. \returns InvalidInput (a merge of ids outside the vocabulary, or whose result is
    /// not in it; an unknown token that is not in it).
    static Result<std::shared_ptr<const Bpe>> make(BpeSpec spec, std::string_view where);

    std::unique_ptr<Memory> newMemory() const override;
    void tokenize(std::string_view word, Memory& memory, std::vector<ModelToken>& out) const override;
    std::int32_t size() const override { return m_written.size(); }
    std::string_view token(TokenId id) const override { return m_written.token(id); }
    TokenId find(std::string_view token) const override { return token.empty() ? -1 : m_written.find(token); }
    TokenId unknown() const override { return m_unknown; }

private:
    struct Merge {
        std::uint64_t pair = kNoPair;  // left << 32 | right
        std::uint32_t rank = 0;
        TokenId result = -1;
    };
    class Work;
    static constexpr std::uint64_t kNoPair = ~std::uint64_t(0);
    static constexpr std::uint32_t kNoRank = ~std::uint32_t(0);

    explicit Bpe(BpeSpec spec);
    Result<> addMerges(const std::vector<BpeMerge>& merges, std::string_view where);
    void findSeams();
    const Merge* merge(TokenId left, TokenId right) const;
    std::size_t segmentEnd(std::string_view text, std::size_t begin) const;
    void tokenizeWhole(std::string_view word, Work& work, std::vector<ModelToken>& out) const;
    void firstSymbols(std::string_view word, Work& work) const;
    TokenId symbolOf(std::string_view character, bool first, bool last, Work& work) const;
    void join(Work& work) const;
    void joinFew(Work& work) const;
    void joinMany(Work& work) const;

    BpeSpec m_spec;
    Vocabulary m_written;                // as in the file
    std::string m_arena;                 // byte-level: the bytes that tokens stand for
    StringTable m_spelled;               // byte-level: those bytes to ids
    CodePointMap m_characters;           // a character's own token
    std::array<TokenId, 256> m_bytes{};  // byte-level: a byte's token; else <0x..>
    std::vector<Merge> m_merges;         // open addressing
    std::vector<std::uint64_t>
        m_neighbours;         // which characters may stand side by side inside a token: one-sided filter
    bool m_hasSeams = false;  // a text may be cut where no token can lie across
    bool m_allBytes = false;
    TokenId m_unknown = -1;
};

/// Merges for a vocabulary that only has scores, as SentencePiece models do: every pair of tokens whose joint text is a
/// token too, ranked by that token's score, the highest first.
/// \param scores parallel to \p tokens. \param usable which tokens may be parts or results; empty = all.
std::vector<BpeMerge> mergesFromScores(const std::vector<std::string>& tokens, const std::vector<float>& scores,
                                       const std::vector<bool>& usable = {});

}  // namespace lathe::text
