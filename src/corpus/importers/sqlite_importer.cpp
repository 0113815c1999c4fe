// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SQLite files: a table, a view, or what a query gives.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "core/files.h"
#include "corpus/detail/column_roles.h"
#include "corpus/detail/encoding.h"
#include "corpus/detail/foreign_database.h"
#include "corpus/detail/record_window.h"
#include "corpus/importer.h"

namespace lathe::corpus {
namespace {

using detail::ForeignDatabase;

class SqliteReader final : public RecordReader {
public:
    SqliteReader(std::unique_ptr<ForeignDatabase> database, std::int64_t rows, std::int64_t fileBytes)
        : m_database(std::move(database)),
          m_rows(rows),
          m_fileBytes(fileBytes),
          m_columns(detail::columnNames(m_database->columns())) {}

    const std::vector<std::string>& columns() const override { return m_columns; }
    std::int64_t bytesRead() const override {
        const double share = m_rows > 0 ? static_cast<double>(m_line) / static_cast<double>(m_rows) : 0.0;
        return static_cast<std::int64_t>(std::min(share, 1.0) * static_cast<double>(m_fileBytes));
    }
    void stopWhen(std::function<bool()> stop) override { m_database->stopWhen(std::move(stop)); }

    Result<bool> next(Record& record) override {
        LATHE_TRY(const bool any, m_database->step());
        if (!any)
            return false;
        record.line = ++m_line;
        record.error.clear();
        record.cells.assign(m_columns.size(), "");
        std::int64_t bytes = 0;
        for (std::size_t c = 0; c < m_columns.size() && record.error.empty(); ++c) {
            fill(static_cast<int>(c), record);
            bytes += static_cast<std::int64_t>(record.cells[c].size());
            if (bytes > kMaxRecordBytes && record.error.empty())
                record.error = fmt::format("the row is longer than {}", humanBytes(kMaxRecordBytes));
        }
        return true;
    }

private:
    void fill(int column, Record& record) {
        sqlite3_stmt* const row = m_database->row();
        std::string& cell = record.cells[static_cast<std::size_t>(column)];
        const int type = ::sqlite3_column_type(row, column);
        if (type == SQLITE_NULL)
            return;
        if (type == SQLITE_BLOB) {
            // Bytes, not text: pictures and the like. Said once a column, not for each of a million rows.
            if (m_binary.insert(column).second)
                record.remark = fmt::format("\"{}\" holds binary data from this row on, which are left out",
                                            m_columns[static_cast<std::size_t>(column)]);
            return;
        }
        const auto* const text = reinterpret_cast<const char*>(::sqlite3_column_text(row, column));
        const auto size = static_cast<std::size_t>(::sqlite3_column_bytes(row, column));
        if (!text)
            return;
        if (size > static_cast<std::size_t>(kMaxRecordBytes)) {
            cell = detail::rowBeginning({text, 400});
            record.error = fmt::format("the value in \"{}\" is longer than {}",
                                       m_columns[static_cast<std::size_t>(column)], humanBytes(kMaxRecordBytes));
            return;
        }
        const auto converted = detail::convertToUtf8({text, size}, "UTF-8", true);
        if (const std::string reason =
                converted ? detail::badTextReason(*converted, "UTF-8") : converted.error().message;
            !reason.empty()) {
            cell = detail::rowBeginning({text, size});
            record.error = fmt::format("\"{}\": {}", m_columns[static_cast<std::size_t>(column)], reason);
            return;
        }
        cell.assign(text, size);
    }

    std::unique_ptr<ForeignDatabase> m_database;
    std::int64_t m_rows;
    std::int64_t m_fileBytes;
    std::int64_t m_line = 0;
    std::vector<std::string> m_columns;
    std::set<int> m_binary;  ///< columns that hold bytes
};

// The first table with a column that is named as texts or labels are; the first of all where none is.
Result<std::vector<std::string>> tables(const std::filesystem::path& path, ImportOptions& options, bool) {
    LATHE_TRY(const auto database, ForeignDatabase::open(path));
    LATHE_TRY(auto names, database->tables());
    options.header = true;
    if (!options.query.empty() || !options.table.empty() || names.empty())
        return names;
    options.table = names.front();
    for (const std::string& name : names) {
        const auto columns = database->columnsOf(name);
        if (columns && std::ranges::any_of(*columns, [](const auto& c) { return detail::isRoleName(c); })) {
            options.table = name;
            break;
        }
    }
    return names;
}

Result<std::unique_ptr<RecordReader>> open(const std::filesystem::path& path, const ImportOptions& options) {
    LATHE_TRY(auto database, ForeignDatabase::open(path));
    std::string sql = options.query;
    std::int64_t rows = 0;
    if (sql.empty()) {
        LATHE_TRY(const auto names, database->tables());
        if (names.empty())
            return fail(ErrorCode::InvalidInput, fmt::format("{} has no table", path.filename().string()));
        const std::string& table = options.table.empty() ? names.front() : options.table;
        if (std::ranges::find(names, table) == names.end())
            return fail(ErrorCode::InvalidInput,
                        fmt::format("the database has no table \"{}\"; it has: {}", table, fmt::join(names, ", ")));
        rows = database->lastRow(table);
        sql = ForeignDatabase::selectAll(table);
    }
    LATHE_CHECK(database->prepare(sql));
    std::error_code code;
    const auto size = static_cast<std::int64_t>(std::filesystem::file_size(path, code));
    return std::make_unique<SqliteReader>(std::move(database), rows, size);
}

}  // namespace

ImporterEntry sqliteImporter() {
    return {.id = "sqlite",
            .title = "SQLite database",
            .extensions = {"sqlite", "sqlite3", "db"},
            .isBinary = true,
            .sniff = [](const std::filesystem::path&,
                        std::string_view head) { return detail::looksLikeSqlite(head) ? 90 : 0; },
            .detect = [](std::string_view, ImportOptions&) {},
            .open = open,
            .tables = tables};
}

}  // namespace lathe::corpus
