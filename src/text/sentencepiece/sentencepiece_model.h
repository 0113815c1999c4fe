// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A SentencePiece model as the library runs it: text to pieces and back. Thread: any, once loaded.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "text/sentencepiece/model_file.h"
#include "text/sentencepiece/piece_normalizer.h"
#include "text/sentencepiece/segmenter.h"

namespace lathe::text {

/// A piece and the bytes of the text as given that it stands for. All the byte pieces of a character have its range.
struct FoundPiece {
    TokenId id = -1;
    std::uint32_t begin = 0, end = 0;
};

class SentencePieceModel {
public:
    /// \param name for messages. \returns Parse, InvalidInput (see parseSentencePieceFile).
    static Result<std::shared_ptr<const SentencePieceModel>> load(std::string_view bytes, std::string_view name);
    explicit SentencePieceModel(SentencePieceFile file);
    SentencePieceModel(const SentencePieceModel&) = delete;
    SentencePieceModel& operator=(const SentencePieceModel&) = delete;

    const SentencePieceFile& file() const { return m_file; }
    std::int32_t size() const { return static_cast<std::int32_t>(m_file.pieces.size()); }
    const std::string& piece(TokenId id) const { return m_file.pieces[static_cast<std::size_t>(id)].text; }
    PieceType type(TokenId id) const { return m_file.pieces[static_cast<std::size_t>(id)].type; }
    /// The control piece of the name that the model gives its <s>, </s> and <pad>; -1 where there is none.
    TokenId bosId() const { return controlId(m_file.bosPiece); }
    TokenId eosId() const { return controlId(m_file.eosPiece); }
    TokenId padId() const { return controlId(m_file.padPiece); }

    /// No control piece is ever among them. \param withRange false leaves the ranges 0.
    std::vector<FoundPiece> encode(std::string_view text, bool withRange) const;
    /// Ids outside the vocabulary are left out; control pieces are not seen.
    std::string decode(std::span<const TokenId> ids) const;

private:
    TokenId controlId(std::string_view text) const;
    void decodeBytes(std::string& bytes, std::string& out) const;

    SentencePieceFile m_file;
    PieceTrie m_userDefined;
    PieceNormalizer m_normalizer;
    PieceNormalizer m_denormalizer;
    std::unique_ptr<const Segmenter> m_segmenter;
    std::array<TokenId, 256> m_byteIds{};
};

}  // namespace lathe::text
