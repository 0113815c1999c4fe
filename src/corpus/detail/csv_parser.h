// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// RFC 4180, row by row, with the repairs that real files need: any line end, rows that are told to be broken and left.
#pragma once

#include <string>

#include "corpus/detail/record_window.h"
#include "corpus/importer.h"

namespace lathe::corpus::detail {

/// A cell that begins with a quote is quoted: it may hold delimiters and line ends, and "" is a quote. A quote
/// elsewhere is a character. After a broken row reading goes on in the line that follows the row's first line.
class CsvParser {
public:
    CsvParser(std::unique_ptr<Utf8Stream> stream, char delimiter)
        : m_window(std::move(stream)), m_delimiter(delimiter) {}

    /// Empty lines are passed over. \returns false at the end; Io.
    Result<bool> next(Record& record);
    std::int64_t bytesRead() const { return m_window.bytesRead(); }

private:
    enum class Stop { Delimiter, Line, Broken };

    Stop quotedCell(std::size_t& at, std::string& cell);
    Stop plainCell(std::size_t& at, std::string& cell);
    Stop endOfCell(std::size_t& at);
    bool parseRow(Record& record, std::size_t& size);
    void leaveBrokenRow(Record& record);

    RecordWindow m_window;
    char m_delimiter;
    std::string m_problem;  ///< why parseRow() gave up
};

}  // namespace lathe::corpus::detail
