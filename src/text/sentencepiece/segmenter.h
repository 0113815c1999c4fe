// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How a SentencePiece model cuts normalised text into pieces, exactly as the library does. Thread: any, once built.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "text/sentencepiece/model_file.h"
#include "text/sentencepiece/piece_trie.h"
#include "text/tokenizer.h"

namespace lathe::text {

/// A piece of the text: its id and how many bytes it takes. Side by side they cover the whole text.
struct Cut {
    TokenId id = -1;
    std::uint32_t bytes = 0;
};

class Segmenter {
public:
    virtual ~Segmenter() = default;
    /// Appends to \p out.
    virtual void cut(std::string_view text, std::vector<Cut>& out) const = 0;
};

/// The best path by the sum of the pieces' scores. \source unigram_model.cc (the optimised Viterbi search).
std::unique_ptr<const Segmenter> makeUnigramSegmenter(const SentencePieceFile& file);
/// Neighbours are joined while their union is a piece, the best score first, the leftmost of equals.
/// \source bpe_model.cc. \param userDefined must outlive the segmenter.
std::unique_ptr<const Segmenter> makeBpeSegmenter(const SentencePieceFile& file, const PieceTrie& userDefined);
/// Whole words, whole characters. \source word_model.cc, char_model.cc.
std::unique_ptr<const Segmenter> makeWordSegmenter(const SentencePieceFile& file);
std::unique_ptr<const Segmenter> makeCharSegmenter(const SentencePieceFile& file, const PieceTrie& userDefined);

/// Bytes of the character that begins \p text, by its first byte alone; never more than there are.
std::size_t characterBytes(std::string_view text);
/// May a piece hold the end of a word and the space before the next one? If none may, words are cut one by one.
bool piecesCrossWords(const SentencePieceFile& file);
/// Where the word at \p begin ends: before the next space mark that follows something else.
std::size_t wordEnd(std::string_view text, std::size_t begin);
/// Is this a piece that a text may be cut into (of type Normal, UserDefined or Unused)?
inline bool isWrittenPiece(PieceType type) {
    return type == PieceType::Normal || type == PieceType::UserDefined || type == PieceType::Unused;
}

}  // namespace lathe::text
