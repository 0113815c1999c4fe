// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A SentencePiece model file (a protobuf message) read without a protobuf library: bounded, every error named.
// \source sentencepiece_model.proto (field numbers and defaults).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace lathe::text {

enum class PieceType : std::uint8_t { Normal = 1, Unknown = 2, Control = 3, UserDefined = 4, Unused = 5, Byte = 6 };
enum class PieceAlgorithm : std::uint8_t { Unigram = 1, Bpe = 2, Word = 3, Char = 4 };

struct NormalizerSettings {
    std::string characterMap;  ///< the compiled map; "" maps nothing
    bool addDummyPrefix = true;
    bool removeExtraWhitespaces = true;
    bool escapeWhitespaces = true;  ///< a space becomes U+2581
};

struct SentencePieceFile {
    struct Piece {
        std::string text;
        float score = 0;
        PieceType type = PieceType::Normal;
    };
    std::vector<Piece> pieces;  ///< by id; none empty, no two of a kind with the same text
    PieceAlgorithm algorithm = PieceAlgorithm::Unigram;
    bool treatWhitespaceAsSuffix = false;
    bool byteFallback = false;
    std::string unknownPiece = "<unk>", bosPiece = "<s>", eosPiece = "</s>", padPiece = "<pad>";
    std::string unknownSurface = " \u2047 ";  ///< what the unknown piece is decoded to
    std::int32_t unknownId = -1;              ///< of the piece of type Unknown
    NormalizerSettings normalizer;
    NormalizerSettings denormalizer;  ///< used where its map is not empty
};

/// \param name for messages. \returns Parse (cut off, no such model, a character map that points outside itself),
/// InvalidInput (a vocabulary that contradicts itself).
Result<SentencePieceFile> parseSentencePieceFile(std::string_view bytes, std::string_view name);

}  // namespace lathe::text
