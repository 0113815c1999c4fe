// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Documents that are read as a whole, because their parts depend on each other: HTML, Markdown.
#pragma once

#include <deque>

#include "corpus/detail/encoding.h"
#include "corpus/importer.h"

namespace lathe::corpus::detail {

/// A document as UTF-8. Undecodable and zero bytes are U+FFFD in the text and listed by line.
struct PageText {
    std::string text;
    std::vector<ImportIssue> bad;  ///< line and reason, at most 1000
    bool isTooLong = false;        ///< longer than a record may be: text is its beginning
    std::int64_t bytes = 0;        ///< of the file
};
Result<PageText> readPage(Utf8Stream& stream);

class PageRecords final : public RecordReader {
public:
    PageRecords(std::vector<std::string> columns, std::deque<Record> records, std::int64_t bytes)
        : m_columns(std::move(columns)), m_records(std::move(records)), m_bytes(bytes) {}
    const std::vector<std::string>& columns() const override { return m_columns; }
    std::int64_t bytesRead() const override { return m_bytes; }
    Result<bool> next(Record& record) override {
        if (m_records.empty())
            return false;
        record = std::move(m_records.front());
        m_records.pop_front();
        return true;
    }

private:
    std::vector<std::string> m_columns;
    std::deque<Record> m_records;
    std::int64_t m_bytes;
};

/// What is wrong with a sample from \p line to before \p nextLine; "" when nothing is.
std::string badWithin(const PageText& page, std::int64_t line, std::int64_t nextLine);
/// The one record of a page that is too long to be one.
Record tooLongRecord(const PageText& page);

}  // namespace lathe::corpus::detail
