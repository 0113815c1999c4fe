// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sentencepiece/model_file.h"

#include <fmt/format.h>

#include <bit>
#include <optional>
#include <unordered_set>

#include "text/sentencepiece/byte_piece.h"
#include "text/sentencepiece/character_map.h"

namespace lathe::text {
namespace {

constexpr std::size_t kMaxPieceBytes = 8000;  // the library's limit, too

/// Protobuf's wire format: the fields of one message, in order.
class Fields {
public:
    explicit Fields(std::string_view bytes) : m_bytes(bytes) {}
    /// Moves to the next field. false at the end, or where the message is broken (see failed()).
    bool next() {
        if (m_failed || m_pos >= m_bytes.size())
            return false;
        const auto key = varint();
        if (!key)
            return false;
        number = *key >> 3;
        wireType = *key & 7;
        payload = {};
        integer = 0;
        switch (wireType) {
            case 0: {
                const auto value = varint();
                integer = value.value_or(0);
                return value.has_value();
            }
            case 1:
                return take(8);
            case 2: {
                const auto length = varint();
                return length && take(*length);
            }
            case 5:
                return take(4);
            default:
                m_failed = true;
                return false;
        }
    }
    bool failed() const { return m_failed; }
    bool isInteger(std::uint64_t field) const { return number == field && wireType == 0; }
    bool isBytes(std::uint64_t field) const { return number == field && wireType == 2; }
    bool flag() const { return integer != 0; }
    /// Of a field of four bytes.
    float real() const {
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < payload.size(); ++i)
            bits |= std::uint32_t(static_cast<unsigned char>(payload[i])) << (8 * i);
        return std::bit_cast<float>(bits);
    }

    std::uint64_t number = 0;
    std::uint64_t wireType = 0;
    std::uint64_t integer = 0;
    std::string_view payload;

private:
    std::optional<std::uint64_t> varint() {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64 && m_pos < m_bytes.size(); shift += 7) {
            const auto byte = static_cast<unsigned char>(m_bytes[m_pos++]);
            value |= std::uint64_t(byte & 0x7F) << shift;
            if ((byte & 0x80) == 0)
                return value;
        }
        m_failed = true;
        return std::nullopt;
    }
    bool take(std::uint64_t length) {
        if (length > m_bytes.size() - m_pos) {
            m_failed = true;
            return false;
        }
        payload = m_bytes.substr(m_pos, length);
        m_pos += length;
        return true;
    }
    std::string_view m_bytes;
    std::size_t m_pos = 0;
    bool m_failed = false;
};

/// Reads the message; problem() is "" or what is wrong with it.
class Reader {
public:
    std::string read(std::string_view bytes, SentencePieceFile& out) {
        Fields fields(bytes);
        while (fields.next()) {
            std::string problem;
            if (fields.isBytes(1))
                problem = readPiece(fields.payload, out);
            else if (fields.isBytes(2))
                problem = readTrainer(fields.payload, out);
            else if (fields.isBytes(3))
                problem = readNormalizer(fields.payload, out.normalizer);
            else if (fields.isBytes(5))
                problem = readNormalizer(fields.payload, out.denormalizer);
            if (!problem.empty())
                return problem;
        }
        if (fields.failed())
            return "it is truncated or no such model";
        return out.pieces.empty() ? "it has no pieces" : "";
    }

private:
    static std::string readPiece(std::string_view bytes, SentencePieceFile& out) {
        SentencePieceFile::Piece piece;
        std::uint64_t type = 1;
        Fields fields(bytes);
        while (fields.next()) {
            if (fields.isBytes(1))
                piece.text = fields.payload;
            else if (fields.number == 2 && fields.wireType == 5)
                piece.score = fields.real();
            else if (fields.isInteger(3))
                type = fields.integer;
        }
        if (fields.failed())
            return "a piece is broken";
        if (type < 1 || type > 6)
            return fmt::format("piece {} has the unknown type {}", out.pieces.size(), type);
        piece.type = static_cast<PieceType>(type);
        out.pieces.push_back(std::move(piece));
        return "";
    }

    static std::string readTrainer(std::string_view bytes, SentencePieceFile& out) {
        Fields fields(bytes);
        while (fields.next()) {
            if (fields.isInteger(3)) {
                if (fields.integer < 1 || fields.integer > 4)
                    return fmt::format("its model type {} is none of Unigram, BPE, word and character", fields.integer);
                out.algorithm = static_cast<PieceAlgorithm>(fields.integer);
            } else if (fields.isInteger(24)) {
                out.treatWhitespaceAsSuffix = fields.flag();
            } else if (fields.isInteger(35)) {
                out.byteFallback = fields.flag();
            } else if (fields.isBytes(44)) {
                out.unknownSurface = fields.payload;
            } else if (fields.wireType == 2 && fields.number >= 45 && fields.number <= 48 && !fields.payload.empty()) {
                std::string* const names[] = {&out.unknownPiece, &out.bosPiece, &out.eosPiece, &out.padPiece};
                *names[fields.number - 45] = fields.payload;
            }
        }
        return fields.failed() ? "its training settings are broken" : "";
    }

    static std::string readNormalizer(std::string_view bytes, NormalizerSettings& out) {
        Fields fields(bytes);
        while (fields.next()) {
            if (fields.isBytes(2))
                out.characterMap = fields.payload;
            else if (fields.isInteger(3))
                out.addDummyPrefix = fields.flag();
            else if (fields.isInteger(4))
                out.removeExtraWhitespaces = fields.flag();
            else if (fields.isInteger(5))
                out.escapeWhitespaces = fields.flag();
        }
        return fields.failed() ? "its normaliser is broken" : CharacterMap::problem(out.characterMap);
    }
};

/// What contradicts itself in the vocabulary, or "". The library refuses the same.
std::string vocabularyProblem(SentencePieceFile& file) {
    std::unordered_set<std::string_view> written, reserved;
    written.reserve(file.pieces.size());
    std::size_t bytePieces = 0;
    for (std::size_t id = 0; id < file.pieces.size(); ++id) {
        const auto& [text, score, type] = file.pieces[id];
        if (text.empty() || text.size() >= kMaxPieceBytes || text.find('\0') != std::string::npos)
            return fmt::format("piece {} is empty, too long or has a NUL in it", id);
        if (!(score == score))
            return fmt::format("piece {} has no number as its score", id);
        const bool isWritten = type == PieceType::Normal || type == PieceType::UserDefined || type == PieceType::Unused;
        if (!(isWritten ? written : reserved).insert(text).second)
            return fmt::format("piece {} is there twice", id);
        if (type == PieceType::Unknown) {
            if (file.unknownId >= 0)
                return "it has two unknown pieces";
            file.unknownId = static_cast<std::int32_t>(id);
        }
        if (type == PieceType::Byte) {
            if (!file.byteFallback)
                return fmt::format("piece {} is a byte, though bytes are not spelled out", id);
            if (byteOfPiece(text) < 0)
                return fmt::format("piece {} is no byte's", id);
            ++bytePieces;
        }
    }
    if (file.unknownId < 0)
        return "it has no unknown piece";
    if (file.byteFallback && bytePieces != 256)
        return fmt::format("it spells out bytes, but has {} of their 256 pieces", bytePieces);
    return "";
}

}  // namespace

Result<SentencePieceFile> parseSentencePieceFile(std::string_view bytes, std::string_view name) {
    SentencePieceFile file;
    if (const std::string problem = Reader().read(bytes, file); !problem.empty())
        return fail(ErrorCode::Parse, fmt::format("{}: not a usable SentencePiece model ({})", name, problem));
    if (const std::string problem = vocabularyProblem(file); !problem.empty())
        return fail(ErrorCode::InvalidInput, fmt::format("{}: not a usable SentencePiece model ({})", name, problem));
    return file;
}

}  // namespace lathe::text
