// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/csv_parser.h"

#include <fmt/format.h>

#include "core/files.h"
#include "core/utf8.h"

namespace lathe::corpus::detail {
namespace {

constexpr auto kLimit = static_cast<std::size_t>(kMaxRecordBytes);

std::string tooLong() {
    return fmt::format("the row is longer than {}", humanBytes(kLimit));
}

}  // namespace

// At the character behind a cell: takes the delimiter or the line end.
CsvParser::Stop CsvParser::endOfCell(std::size_t& at) {
    if (!m_window.has(at))
        return Stop::Line;
    if (m_window[at] == m_delimiter) {
        ++at;
        return Stop::Delimiter;
    }
    at += m_window[at] == '\r' && m_window.has(at + 1) && m_window[at + 1] == '\n' ? 2 : 1;
    return Stop::Line;
}

CsvParser::Stop CsvParser::quotedCell(std::size_t& at, std::string& cell) {
    ++at;
    for (;;) {
        const std::size_t quote = m_window.find('"', at, kLimit);
        if (quote == RecordWindow::npos) {
            m_problem = m_window.has(kLimit)
                            ? fmt::format("a quote is opened and not closed within {}", humanBytes(kLimit))
                            : "a quote is opened and never closed";
            return Stop::Broken;
        }
        cell.append(m_window.view(at, quote - at));
        at = quote + 1;
        if (!m_window.has(at) || m_window[at] != '"')
            break;
        cell.push_back('"');
        ++at;
    }
    while (m_window.has(at) && m_window[at] == ' ' && m_delimiter != ' ')
        ++at;
    if (m_window.has(at) && m_window[at] != m_delimiter && m_window[at] != '\n' && m_window[at] != '\r') {
        const std::string_view behind = m_window.view(at, 4);
        std::size_t length = 0;
        nextCodePoint(behind, length);
        m_problem = fmt::format("\"{}\" follows a closing quote; a quote inside a cell is written twice",
                                withoutBadBytes(behind.substr(0, length)));
        return Stop::Broken;
    }
    return endOfCell(at);
}

CsvParser::Stop CsvParser::plainCell(std::size_t& at, std::string& cell) {
    const std::size_t begin = at;
    while (at <= kLimit && m_window.has(at)) {
        const char c = m_window[at];
        if (c == m_delimiter || c == '\n' || c == '\r')
            break;
        ++at;
    }
    if (at > kLimit) {
        m_problem = tooLong();
        return Stop::Broken;
    }
    cell.assign(m_window.view(begin, at - begin));
    return endOfCell(at);
}

bool CsvParser::parseRow(Record& record, std::size_t& size) {
    std::size_t cells = 0;
    for (;;) {
        if (record.cells.size() == cells)
            record.cells.emplace_back();
        std::string& cell = record.cells[cells++];
        cell.clear();
        const bool quoted = m_window.has(size) && m_window[size] == '"';
        const Stop stop = quoted ? quotedCell(size, cell) : plainCell(size, cell);
        if (stop == Stop::Broken)
            return false;
        if (size > kLimit) {
            m_problem = tooLong();
            return false;
        }
        if (stop == Stop::Line)
            break;
    }
    record.cells.resize(cells);
    return true;
}

// Only the first physical line is given up: what an unclosed quote seemed to enclose is read again as rows.
void CsvParser::leaveBrokenRow(Record& record) {
    record.error = m_problem;
    const std::size_t end = m_window.lineEnd(0, kLimit);
    record.cells.assign(1, rowBeginning(m_window.view(0, std::min<std::size_t>(end, 400))));
    if (end == RecordWindow::npos && m_window.has(kLimit))
        record.error = tooLong();
    m_window.dropLine();
}

Result<bool> CsvParser::next(Record& record) {
    while (m_window.has(0) && (m_window[0] == '\n' || m_window[0] == '\r'))
        m_window.drop(m_window[0] == '\r' && m_window.has(1) && m_window[1] == '\n' ? 2 : 1);
    if (!m_window.has(0)) {
        if (m_window.error())
            return fail(*m_window.error());
        return false;
    }
    record.line = m_window.line();
    record.error.clear();
    std::size_t size = 0;
    if (!parseRow(record, size)) {
        if (m_window.error())
            return fail(*m_window.error());
        leaveBrokenRow(record);
        return true;
    }
    const std::string_view raw = m_window.view(0, size);
    record.error = badTextReason(raw, m_window.encoding());
    if (!record.error.empty())
        record.cells.assign(1, rowBeginning(raw));
    m_window.drop(size);
    return true;
}

}  // namespace lathe::corpus::detail
