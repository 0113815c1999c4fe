// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Excel workbooks (XLSX): a sheet is a table. Values are those that Excel last saved, formulas included.
#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "core/utf8.h"
#include "corpus/detail/column_roles.h"
#include "corpus/detail/csv_dialect.h"
#include "corpus/detail/sheet_rows.h"
#include "corpus/importer.h"

namespace lathe::corpus {
namespace {

using detail::SheetRow;
using detail::SheetRows;
using detail::Workbook;

constexpr std::size_t kLookAhead = 100;  ///< rows, for the header and the number of columns

std::size_t filled(const SheetRow& row) {
    return static_cast<std::size_t>(std::ranges::count_if(row.cells, [](const auto& cell) { return !cell.empty(); }));
}

// The sheet's first rows: what stands above the table (a title in a single cell), the header, the first column.
struct Beginning {
    std::deque<SheetRow> rows;
    std::size_t titles = 0;       ///< rows above the table
    std::size_t firstColumn = 0;  ///< tables may begin further right
    std::size_t columns = 0;
};

Result<Beginning> readBeginning(SheetRows& sheet) {
    Beginning begin;
    SheetRow row;
    while (begin.rows.size() < kLookAhead) {
        LATHE_TRY(const bool any, sheet.next(row));
        if (!any)
            break;
        begin.rows.push_back(row);
    }
    std::size_t widest = 0, first = SIZE_MAX;
    for (const SheetRow& one : begin.rows) {
        widest = std::max(widest, filled(one));
        begin.columns = std::max(begin.columns, one.cells.size());
        for (std::size_t c = 0; c < std::min(first, one.cells.size()); ++c)
            if (!one.cells[c].empty())
                first = c;
    }
    begin.firstColumn = first == SIZE_MAX ? 0 : first;
    constexpr std::size_t kMaxTitles = 5;
    while (widest >= 2 && begin.titles < std::min(kMaxTitles, begin.rows.size()) &&
           filled(begin.rows[begin.titles]) < 2)
        ++begin.titles;
    if (begin.titles == kMaxTitles)
        begin.titles = 0;  // a table whose rows are mostly of one cell
    return begin;
}

class XlsxReader final : public RecordReader {
public:
    XlsxReader(std::unique_ptr<SheetRows> sheet, Beginning begin, bool header, std::int64_t fileBytes)
        : m_sheet(std::move(sheet)), m_begin(std::move(begin)), m_fileBytes(fileBytes) {
        m_titles = m_begin.titles;
        std::vector<std::string> names(m_begin.columns - std::min(m_begin.columns, m_begin.firstColumn));
        if (header && m_begin.rows.size() > m_titles) {
            const auto at = m_begin.rows.begin() + static_cast<std::ptrdiff_t>(m_titles);
            names = cut(at->cells, names.size());
            m_begin.rows.erase(at);
        }
        m_columns = detail::columnNames(names);
    }

    const std::vector<std::string>& columns() const override { return m_columns; }
    std::int64_t bytesRead() const override {
        return static_cast<std::int64_t>(m_sheet->share() * static_cast<double>(m_fileBytes));
    }
    void stopWhen(std::function<bool()> stop) override { m_sheet->stopWhen(std::move(stop)); }

    Result<bool> next(Record& record) override {
        const bool isTitle = m_titles > 0;
        if (!m_begin.rows.empty()) {
            m_row = std::move(m_begin.rows.front());
            m_begin.rows.pop_front();
            m_titles -= isTitle ? 1 : 0;
        } else {
            LATHE_TRY(const bool any, m_sheet->next(m_row));
            if (!any)
                return false;
        }
        record.line = m_row.line;
        record.error = isTitle && m_row.error.empty() ? "above the table" : m_row.error;
        // Rows may be wider than what was seen at first: their cells are metadata.
        while (record.error.empty() && m_columns.size() + m_begin.firstColumn < m_row.cells.size())
            m_columns.push_back(fmt::format("column {}", m_columns.size() + 1));
        record.cells = cut(m_row.cells, isTitle ? 1 : m_columns.size());
        for (std::size_t c = 0; c < record.cells.size() && record.error.empty(); ++c)
            if (firstInvalidUtf8(record.cells[c]) != std::string::npos)
                record.error = fmt::format("the cell in \"{}\" is not valid UTF-8", m_columns[c]);
        return true;
    }

private:
    std::vector<std::string> cut(const std::vector<std::string>& cells, std::size_t size) const {
        std::vector<std::string> out;
        if (cells.size() > m_begin.firstColumn)
            out.assign(cells.begin() + static_cast<std::ptrdiff_t>(m_begin.firstColumn), cells.end());
        out.resize(std::max(size, out.size()));
        return out;
    }

    std::unique_ptr<SheetRows> m_sheet;
    Beginning m_begin;
    std::size_t m_titles = 0;
    std::int64_t m_fileBytes;
    std::vector<std::string> m_columns;
    SheetRow m_row;
};

Result<std::vector<std::string>> tables(const std::filesystem::path& path, ImportOptions& options, bool findsHeader) {
    LATHE_TRY(const auto book, Workbook::open(path));
    LATHE_TRY(const auto sheet, book->sheet(options.table));
    options.table = sheet.name;
    std::vector<std::string> names;
    for (const Workbook::Sheet& one : book->sheets())
        names.push_back(one.name);
    if (!findsHeader)
        return names;
    SheetRows rows(book, sheet);
    LATHE_CHECK(rows.begin());
    LATHE_TRY(const Beginning begin, readBeginning(rows));
    std::vector<std::vector<std::string>> cells;
    for (std::size_t r = begin.titles; r < begin.rows.size(); ++r) {
        cells.push_back(begin.rows[r].cells);
        cells.back().resize(begin.columns);
        cells.back().erase(cells.back().begin(), cells.back().begin() + static_cast<std::ptrdiff_t>(begin.firstColumn));
    }
    options.header = !cells.empty() && detail::looksLikeHeader(cells, begin.columns - begin.firstColumn);
    return names;
}

Result<std::unique_ptr<RecordReader>> open(const std::filesystem::path& path, const ImportOptions& options) {
    LATHE_TRY(const auto book, Workbook::open(path));
    LATHE_TRY(const auto sheet, book->sheet(options.table));
    auto rows = std::make_unique<SheetRows>(book, sheet);
    LATHE_CHECK(rows->begin());
    LATHE_TRY(Beginning begin, readBeginning(*rows));
    std::error_code code;
    const auto size = static_cast<std::int64_t>(std::filesystem::file_size(path, code));
    return std::make_unique<XlsxReader>(std::move(rows), std::move(begin), options.header, size);
}

}  // namespace

ImporterEntry xlsxImporter() {
    return {.id = "xlsx",
            .title = "Excel workbook (XLSX)",
            .extensions = {"xlsx", "xlsm"},
            .isBinary = true,
            .sniff = [](const std::filesystem::path&,
                        std::string_view head) { return detail::looksLikeZip(head) ? 90 : 0; },
            .detect = [](std::string_view, ImportOptions&) {},
            .open = open,
            .tables = tables};
}

}  // namespace lathe::corpus
