// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the segmenters share, and the two simple ones.
#include "text/sentencepiece/segmenter.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "text/sentencepiece/piece_normalizer.h"

namespace lathe::text {
namespace {

using PieceIds = std::unordered_map<std::string, TokenId>;

PieceIds writtenPieces(const SentencePieceFile& file) {
    PieceIds ids;
    for (std::size_t id = 0; id < file.pieces.size(); ++id)
        if (isWrittenPiece(file.pieces[id].type))
            ids.emplace(file.pieces[id].text, static_cast<TokenId>(id));
    return ids;
}

void addPiece(const PieceIds& ids, std::string_view text, TokenId unknown, std::vector<Cut>& out) {
    const auto found = ids.find(std::string(text));
    out.push_back({found == ids.end() ? unknown : found->second, static_cast<std::uint32_t>(text.size())});
}

class WordSegmenter final : public Segmenter {
public:
    explicit WordSegmenter(const SentencePieceFile& file) : m_ids(writtenPieces(file)), m_unknown(file.unknownId) {}
    void cut(std::string_view text, std::vector<Cut>& out) const override {
        // Every space mark begins a word, one that follows another, too.
        while (!text.empty()) {
            const std::size_t end = std::min(text.find(kSpaceMark, 1), text.size());
            addPiece(m_ids, text.substr(0, end), m_unknown, out);
            text.remove_prefix(end);
        }
    }

private:
    PieceIds m_ids;
    TokenId m_unknown;
};

class CharSegmenter final : public Segmenter {
public:
    CharSegmenter(const SentencePieceFile& file, const PieceTrie& userDefined)
        : m_ids(writtenPieces(file)), m_userDefined(userDefined), m_unknown(file.unknownId) {}
    void cut(std::string_view text, std::vector<Cut>& out) const override {
        while (!text.empty()) {
            std::size_t length = m_userDefined.longest(text);
            if (length == 0)
                length = characterBytes(text);
            addPiece(m_ids, text.substr(0, length), m_unknown, out);
            text.remove_prefix(length);
        }
    }

private:
    PieceIds m_ids;
    const PieceTrie& m_userDefined;
    TokenId m_unknown;
};

}  // namespace

std::size_t characterBytes(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t bytes = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    return std::min(bytes, text.size());
}

bool piecesCrossWords(const SentencePieceFile& file) {
    return std::ranges::any_of(file.pieces, [](const SentencePieceFile::Piece& piece) {
        return isWrittenPiece(piece.type) && wordEnd(piece.text, 0) < piece.text.size();
    });
}

std::size_t wordEnd(std::string_view text, std::size_t begin) {
    std::size_t at = begin;
    while (text.substr(at).starts_with(kSpaceMark))
        at += kSpaceMark.size();
    return std::min(text.find(kSpaceMark, at), text.size());
}

std::unique_ptr<const Segmenter> makeWordSegmenter(const SentencePieceFile& file) {
    return std::make_unique<WordSegmenter>(file);
}

std::unique_ptr<const Segmenter> makeCharSegmenter(const SentencePieceFile& file, const PieceTrie& userDefined) {
    return std::make_unique<CharSegmenter>(file, userDefined);
}

}  // namespace lathe::text
