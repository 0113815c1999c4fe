// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which encoding a file is in, and reading it as UTF-8 whatever it is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace lathe::corpus::detail {

struct EncodingGuess {
    std::string name;       ///< ICU converter name
    double confidence = 1;  ///< 0..1
};

/// From a byte order mark, UTF-8 validity, the zero bytes of UTF-16, and for what is left by reading the bytes as
/// GB18030, Big5, Shift_JIS, EUC-KR and windows-1252 and looking for the characters that such texts are made of.
/// \param sample the file's beginning; its last character may be cut off.
EncodingGuess detectEncoding(std::string_view sample);

/// How well bytes read as \p encoding, 0 (not at all) to 1: one of the five above. For tests and for the notes.
double scoreEncoding(std::string_view sample, std::string_view encoding);

/// In the converted text an undecodable byte is kBadByte and three more bytes that no UTF-8 text contains, so that the
/// row which holds it can be told apart and rejected with the reason.
inline constexpr char kBadByte = '\xFF';
void appendBadByte(std::string& out, unsigned char byte);
struct BadByte {
    std::size_t position = 0;  ///< in the converted text
    unsigned char byte = 0;
};
std::optional<BadByte> firstBadByte(std::string_view converted);
/// For showing: each undecodable byte as U+FFFD.
std::string withoutBadBytes(std::string_view converted);
std::size_t countBadBytes(std::string_view converted);

/// A file as UTF-8, in pieces of about 256 KB. A byte order mark is left out.
class Utf8Stream {
public:
    /// \returns NotFound, Io, InvalidInput (unknown encoding).
    static Result<std::unique_ptr<Utf8Stream>> open(const std::filesystem::path& file, const std::string& encoding);
    virtual ~Utf8Stream() = default;
    /// Appends the next piece. \returns false at the end, with nothing appended. Io.
    virtual Result<bool> read(std::string& out) = 0;
    virtual std::int64_t bytesRead() const = 0;  ///< of the file
    virtual const std::string& encoding() const = 0;
};

/// Converts a whole piece of memory, as the stream would.
Result<std::string> convertToUtf8(std::string_view bytes, const std::string& encoding, bool isWhole);

}  // namespace lathe::corpus::detail
