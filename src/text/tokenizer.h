// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Tokenizer: text to ids and back. Thread: any, once loaded (const methods are safe in parallel).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/job_context.h"
#include "core/result.h"

namespace lathe::text {

using TokenId = std::int32_t;

/// Half-open range of the text as given, in Unicode code points.
struct Offset {
    std::int32_t begin = 0;
    std::int32_t end = 0;
    friend bool operator==(const Offset&, const Offset&) = default;
};

struct Encoding {
    std::vector<TokenId> ids;
    std::vector<Offset> offsets;        ///< parallel to ids where asked for; special tokens have (0, 0)
    std::vector<std::int32_t> typeIds;  ///< 0 for the first text, 1 for the second
    /// Parallel to ids where the tokenizer knows it, else empty: which text a token is of (0, 1), -1 for special tokens
    /// that were put around the texts. See encoding_tools.h for cutting and padding.
    std::vector<std::int8_t> sequences;
};

/// What goes when an encoding is too long.
enum class TruncationStrategy { LongestFirst, OnlyFirst, OnlySecond };
enum class Side { Left, Right };

struct Truncation {
    std::size_t maxTokens = 512;  ///< special tokens included
    TruncationStrategy strategy = TruncationStrategy::LongestFirst;
    Side side = Side::Right;  ///< where tokens go
};

struct Padding {
    std::optional<std::size_t> length;  ///< not given: as long as the longest of the batch
    std::size_t multipleOf = 0;         ///< the length is made a multiple of it; 0 = as it is
    Side side = Side::Right;            ///< where padding is put
    TokenId id = 0;
    std::int32_t typeId = 0;
};

/// -1 where the vocabulary has no such token.
struct SpecialTokens {
    TokenId pad = -1, unknown = -1, bos = -1, eos = -1, cls = -1, sep = -1, mask = -1;
};

class Tokenizer {
public:
    virtual ~Tokenizer() = default;
    virtual std::string kind() const = 0;  ///< "wordpiece", "sentencepiece", "bpe", "unigram", "wordlevel"
    virtual std::int32_t vocabSize() const = 0;
    virtual SpecialTokens special() const = 0;
    /// \param addSpecial [CLS] ... [SEP], or <s> where the model wants it.
    virtual Encoding encode(std::string_view text, bool addSpecial = true, bool withOffsets = false) const = 0;
    /// Two texts as the model reads pairs.
    virtual Encoding encodePair(std::string_view a, std::string_view b) const = 0;
    /// The same with a choice of special tokens and offsets. The default gives what encodePair gives.
    virtual Encoding encodePairWith(std::string_view a, std::string_view b, bool /*addSpecial*/,
                                    bool /*withOffsets*/) const {
        return encodePair(a, b);
    }
    /// The tokens' texts; a piece that the vocabulary does not know is given as it is read, not as the unknown token.
    virtual std::vector<std::string> tokenize(std::string_view text, bool addSpecial = true) const {
        std::vector<std::string> tokens;
        for (const TokenId id : encode(text, addSpecial).ids)
            tokens.push_back(token(id));
        return tokens;
    }
    /// What the tokenizer's file asks for. encode() does neither by itself: whoever builds batches decides.
    virtual std::optional<Truncation> truncation() const { return std::nullopt; }
    virtual std::optional<Padding> padding() const { return std::nullopt; }
    virtual std::string decode(const std::vector<TokenId>& ids, bool skipSpecial = true) const = 0;
    virtual std::string token(TokenId id) const = 0;  ///< as in the vocabulary; "" if out of range
    virtual std::optional<TokenId> find(std::string_view token) const = 0;
    /// Copies the tokenizer's files as they came into \p folder.
    virtual Result<> save(const std::filesystem::path& folder) const = 0;
};

/// By what the folder holds: tokenizer.json, vocab.txt (+ tokenizer_config.json), tokenizer.model.
/// \returns NotFound, Parse, InvalidInput, Unsupported (names the component that is not known).
Result<std::shared_ptr<const Tokenizer>> loadTokenizer(const std::filesystem::path& folder);

struct SentencePieceTraining {
    std::int32_t vocabSize = 8000;      ///< lowered by itself when the corpus is too small for it
    std::string modelType = "unigram";  ///< or "bpe"
    /// Extra control tokens after <pad> 0, <unk> 1, <s> 2, </s> 3 (e.g. [CLS], [SEP], [MASK], <|user|>).
    std::vector<std::string> controlTokens;
    bool byteFallback = true;
    /// true: text comes back exactly as it went in (generation). false: NFKC and lower case, spaces collapsed
    /// (classification). Not given: false if [MASK] is among the control tokens, else true.
    std::optional<bool> lossless;
};

/// Trains a SentencePiece model on \p texts and writes tokenizer.model and tokenizer_config.json into \p folder.
/// The same texts and options give the same file. Control tokens cannot be forged: encode() never makes one of text
/// that spells it ("<|user|>" typed by a user becomes ordinary pieces); a chat format puts their ids in by find(). A
/// stop is heard within 0.1 s; the library's own work, which has no way to be told, ends by itself in the background.
/// \returns Unsupported when the SentencePiece module cannot be opened, InvalidInput for an empty corpus, Canceled.
Result<> trainSentencePiece(const std::vector<std::string>& texts, const SentencePieceTraining& options,
                            const std::filesystem::path& folder, JobContext& context);

/// Why SentencePiece is not there ("" when it is): shown in diagnostics.
std::string sentencePieceProblem();

}  // namespace lathe::text
