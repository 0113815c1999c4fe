// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Tables: CSV and TSV by RFC 4180. The parser is our own: libcsv neither tells line numbers nor can it be set back to
// the line after an unclosed quote, which otherwise swallows the rest of the file.
#include <fmt/format.h>

#include <deque>

#include "corpus/detail/column_roles.h"
#include "corpus/detail/csv_dialect.h"
#include "corpus/detail/csv_parser.h"
#include "corpus/importer.h"

namespace lathe::corpus {
namespace {

using detail::CsvParser;
using detail::Utf8Stream;

class CsvReader final : public RecordReader {
public:
    CsvReader(std::unique_ptr<Utf8Stream> stream, char delimiter) : m_parser(std::move(stream), delimiter) {}

    Result<> begin(bool header) {
        // Without a header the first good row says how many columns there are; broken ones before it are kept.
        Record first;
        for (;;) {
            LATHE_TRY(const bool any, m_parser.next(first));
            if (!any)
                return {};
            if (first.error.empty())
                break;
            if (header)
                return fail(ErrorCode::Parse,
                            fmt::format("line {}: the header cannot be read: {}; correct it, or import "
                                        "without a header",
                                        first.line, first.error));
            m_pending.push_back(first);
        }
        if (header) {
            m_columns = detail::columnNames(first.cells);
        } else {
            m_columns = detail::columnNames(std::vector<std::string>(first.cells.size()));
            m_pending.push_back(std::move(first));
        }
        return {};
    }

    const std::vector<std::string>& columns() const override { return m_columns; }

    Result<bool> next(Record& record) override {
        if (!m_pending.empty()) {
            record = std::move(m_pending.front());
            m_pending.pop_front();
            return true;
        }
        LATHE_TRY(const bool any, m_parser.next(record));
        if (any && record.error.empty() && record.cells.size() != m_columns.size())
            record.error =
                fmt::format("{} cells where the table has {} columns", record.cells.size(), m_columns.size());
        return any;
    }

    std::int64_t bytesRead() const override { return m_parser.bytesRead(); }

private:
    CsvParser m_parser;
    std::vector<std::string> m_columns;
    std::deque<Record> m_pending;
};

int sniff(const std::filesystem::path& path, std::string_view head) {
    const auto extension = detail::lowerExtension(path);
    const auto dialect = detail::sniffDialect(head, extension == "tsv" || extension == "tab");
    if (extension == "csv" || extension == "tsv" || extension == "tab")
        return 90;
    return dialect.columns >= 2 && dialect.consistency > 0.9 && dialect.rows >= 2 ? 60 : 10;
}

void detect(std::string_view head, ImportOptions& options) {
    const auto dialect = detail::sniffDialect(head, options.delimiter == '\t');
    options.delimiter = dialect.delimiter;
    options.header = dialect.header;
}

Result<std::unique_ptr<RecordReader>> open(const std::filesystem::path& path, const ImportOptions& options) {
    if (options.delimiter == '"' || options.delimiter == '\n' || options.delimiter == '\r' ||
        static_cast<unsigned char>(options.delimiter) >= 0x80)
        return fail(ErrorCode::InvalidInput, "this character cannot part columns; use a comma, semicolon, tab or bar");
    LATHE_TRY(auto stream, Utf8Stream::open(path, options.encoding));
    auto reader = std::make_unique<CsvReader>(std::move(stream), options.delimiter);
    LATHE_CHECK(reader->begin(options.header));
    return reader;
}

}  // namespace

ImporterEntry csvImporter() {
    return {.id = "csv",
            .title = "Table (CSV, TSV)",
            .extensions = {"csv", "tsv", "tab"},
            .sniff = sniff,
            .detect = detect,
            .open = open};
}

}  // namespace lathe::corpus
