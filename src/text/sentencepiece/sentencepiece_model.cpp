// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sentencepiece/sentencepiece_model.h"

#include <algorithm>

#include "core/utf8.h"
#include "text/replace_all.h"
#include "text/sentencepiece/byte_piece.h"

namespace lathe::text {
namespace {

PieceTrie userDefinedPieces(const SentencePieceFile& file) {
    std::vector<std::pair<std::string_view, std::int32_t>> pieces;
    for (std::size_t id = 0; id < file.pieces.size(); ++id)
        if (file.pieces[id].type == PieceType::UserDefined)
            pieces.emplace_back(file.pieces[id].text, static_cast<std::int32_t>(id));
    PieceTrie trie;
    trie.build(std::move(pieces));
    return trie;
}

std::unique_ptr<const Segmenter> makeSegmenter(const SentencePieceFile& file, const PieceTrie& userDefined) {
    switch (file.algorithm) {
        case PieceAlgorithm::Bpe:
            return makeBpeSegmenter(file, userDefined);
        case PieceAlgorithm::Word:
            return makeWordSegmenter(file);
        case PieceAlgorithm::Char:
            return makeCharSegmenter(file, userDefined);
        case PieceAlgorithm::Unigram:
            break;
    }
    return makeUnigramSegmenter(file);
}

}  // namespace

Result<std::shared_ptr<const SentencePieceModel>> SentencePieceModel::load(std::string_view bytes,
                                                                           std::string_view name) {
    LATHE_TRY(SentencePieceFile file, parseSentencePieceFile(bytes, name));
    return std::make_shared<const SentencePieceModel>(std::move(file));
}

SentencePieceModel::SentencePieceModel(SentencePieceFile file)
    : m_file(std::move(file)),
      m_userDefined(userDefinedPieces(m_file)),
      m_normalizer(m_file.normalizer, m_file.treatWhitespaceAsSuffix, &m_userDefined),
      m_denormalizer(m_file.denormalizer, false, nullptr),
      m_segmenter(makeSegmenter(m_file, m_userDefined)) {
    m_byteIds.fill(m_file.unknownId);
    for (std::size_t id = 0; id < m_file.pieces.size(); ++id)
        if (m_file.pieces[id].type == PieceType::Byte)
            m_byteIds[static_cast<std::size_t>(byteOfPiece(m_file.pieces[id].text))] = static_cast<TokenId>(id);
}

TokenId SentencePieceModel::controlId(std::string_view text) const {
    for (std::size_t id = 0; id < m_file.pieces.size(); ++id)
        if (m_file.pieces[id].type == PieceType::Control && m_file.pieces[id].text == text)
            return static_cast<TokenId>(id);
    return -1;
}

std::vector<FoundPiece> SentencePieceModel::encode(std::string_view text, bool withRange) const {
    const NormalizedText normalized = m_normalizer(text, withRange);
    std::vector<Cut> cuts;
    cuts.reserve(normalized.text.size() / 3 + 4);
    m_segmenter->cut(normalized.text, cuts);
    std::vector<FoundPiece> found;
    found.reserve(cuts.size());
    std::size_t at = 0;
    bool afterUnknown = false;
    for (const Cut& cut : cuts) {
        const std::size_t next = at + cut.bytes;
        FoundPiece piece{cut.id, 0, 0};
        if (withRange) {
            piece.begin = normalized.origin[at];
            piece.end = normalized.origin[next];
        }
        const bool unknown = cut.id == m_file.unknownId;
        if (unknown && m_file.byteFallback) {
            for (; at < next; ++at) {
                piece.id = m_byteIds[static_cast<unsigned char>(normalized.text[at])];
                found.push_back(piece);
            }
        } else if (unknown && afterUnknown) {
            found.back().end = piece.end;  // a run of unknown characters is one unknown piece
        } else {
            found.push_back(piece);
        }
        afterUnknown = unknown;
        at = next;
    }
    return found;
}

void SentencePieceModel::decodeBytes(std::string& bytes, std::string& out) const {
    if (!bytes.empty())
        out += sanitizeUtf8(bytes);  // each byte that is part of no character becomes U+FFFD
    bytes.clear();
}

std::string SentencePieceModel::decode(std::span<const TokenId> ids) const {
    const NormalizerSettings& normalizer = m_file.normalizer;
    const bool dropsFirstSpace = normalizer.addDummyPrefix || normalizer.removeExtraWhitespaces;
    std::string out;
    std::string bytes;
    bool atBegin = true;  // nothing was written yet, and no space taken away
    bool tookFirstSpace = false;
    for (const TokenId id : ids) {
        if (id < 0 || id >= size())
            continue;
        if (type(id) == PieceType::Byte) {
            bytes += static_cast<char>(byteOfPiece(piece(id)));
            continue;
        }
        decodeBytes(bytes, out);
        if (tookFirstSpace || !out.empty())
            atBegin = false;
        tookFirstSpace = false;
        if (type(id) == PieceType::Control)
            continue;
        if (type(id) == PieceType::Unknown) {
            out += m_file.unknownSurface;
            continue;
        }
        std::string_view text = piece(id);
        if (atBegin && dropsFirstSpace && text.starts_with(kSpaceMark)) {
            text.remove_prefix(kSpaceMark.size());
            // A model that removes extra spaces loses all of them at the beginning, another one only its own.
            tookFirstSpace = !normalizer.removeExtraWhitespaces;
        }
        out += replaceAll(text, kSpaceMark, " ");
    }
    decodeBytes(bytes, out);
    return m_file.denormalizer.characterMap.empty() ? out : m_denormalizer(out, false).text;
}

}  // namespace lathe::text
