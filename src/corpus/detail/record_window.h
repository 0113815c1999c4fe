// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A sliding window over a converted file: readers look as far ahead as one record may be long, and no further.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "corpus/detail/encoding.h"

namespace lathe::corpus::detail {

class RecordWindow {
public:
    explicit RecordWindow(std::unique_ptr<Utf8Stream> stream) : m_stream(std::move(stream)) {}

    /// True if there is a byte at \p offset from the front; reads on as needed. False at the end or after an error.
    bool has(std::size_t offset) { return m_front + offset < m_buffer.size() || readTo(offset); }
    /// Only after has(offset).
    char operator[](std::size_t offset) const { return m_buffer[m_front + offset]; }
    std::string_view view(std::size_t offset, std::size_t size) const {
        return std::string_view(m_buffer).substr(m_front + offset, size);
    }
    /// Offset of the first \p c at or after \p from, or npos when the text ends or \p limit is reached first.
    std::size_t find(char c, std::size_t from, std::size_t limit);
    /// Offset just behind the line end that follows \p from ("\n", "\r\n" or "\r"), or npos as in find().
    std::size_t lineEnd(std::size_t from, std::size_t limit);
    /// Lets go of \p size bytes (they were seen by has()) and counts their lines.
    void drop(std::size_t size);
    /// Drops everything up to and including the next line end, however far that is, without keeping it.
    void dropLine();

    std::int64_t line() const { return m_line; }  ///< 1-based line of the front
    std::int64_t bytesRead() const { return m_stream->bytesRead(); }
    const std::string& encoding() const { return m_stream->encoding(); }
    const std::optional<Error>& error() const { return m_error; }

    static constexpr std::size_t npos = std::string_view::npos;

private:
    bool readTo(std::size_t offset);

    std::unique_ptr<Utf8Stream> m_stream;
    std::string m_buffer;
    std::size_t m_front = 0;
    std::int64_t m_line = 1;
    bool m_ended = false;
    std::optional<Error> m_error;
};

/// Why a row with undecodable or zero bytes cannot be taken: "byte 0x81 at column 14 is not valid GB18030". Empty if it
/// can. Columns count characters from the start of the physical line.
std::string badTextReason(std::string_view raw, const std::string& encoding);
/// The beginning of a row, fit for a report.
std::string rowBeginning(std::string_view raw);

}  // namespace lathe::corpus::detail
