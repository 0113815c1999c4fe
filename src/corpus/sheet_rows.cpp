// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/sheet_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <deque>

#include "core/files.h"
#include "core/utf8.h"
#include "corpus/importer.h"

namespace lathe::corpus::detail {
namespace {

constexpr std::size_t kMaxColumns = 16'384;  ///< Excel's own limits
constexpr std::int64_t kMaxRows = 1'048'576;
constexpr std::size_t kMaxMerges = 1'000'000;
constexpr auto kMaxBytes = static_cast<std::size_t>(kMaxRecordBytes);

struct Place {
    std::size_t column = 0;
    std::int64_t row = 0;
};

// "C7" is column 2, row 7. \returns false if it is no such name.
bool readPlace(std::string_view name, Place& place) {
    std::size_t at = 0, column = 0;
    for (; at < name.size() && name[at] >= 'A' && name[at] <= 'Z' && column <= kMaxColumns; ++at)
        column = column * 26 + static_cast<std::size_t>(name[at] - 'A') + 1;
    std::int64_t row = 0;
    const auto read = std::from_chars(name.data() + at, name.data() + name.size(), row);
    if (at == 0 || column > kMaxColumns || read.ec != std::errc() || read.ptr != name.data() + name.size())
        return false;
    place = {column - 1, row};
    return row >= 1 && row <= kMaxRows;
}

// Cells merged over several rows: their value holds for each of these rows.
struct Merge {
    std::int64_t first = 0, last = 0;
    std::size_t column = 0;
};

class MergesPart final : public XmlHandler {
public:
    std::vector<Merge> merges;

    void start(std::string_view name, const XmlAttributes& attributes) override {
        if (name != "mergeCell" || merges.size() >= kMaxMerges)
            return;
        const std::string_view ref = attributes["ref"];
        const std::size_t colon = ref.find(':');
        Place from, to;
        if (colon != std::string_view::npos && readPlace(ref.substr(0, colon), from) &&
            readPlace(ref.substr(colon + 1), to) && to.row > from.row)
            merges.push_back({from.row, to.row, from.column});
    }
    void end(std::string_view) override {}
    void text(std::string_view) override {}
};

// Rows as the sheet has them. Shared texts stay numbers until a row is taken: a few bytes may name a long text often.
class RowsPart final : public XmlHandler {
public:
    enum class Kind { Number, Shared, Text, Boolean, Error };
    struct Cell {
        std::size_t column = 0;
        Kind kind = Kind::Number;
        std::size_t style = 0;
        std::string value;
    };
    struct Row {
        std::int64_t line = 0;
        std::vector<Cell> cells;
        std::string error;
    };
    std::deque<Row> rows;

    void start(std::string_view name, const XmlAttributes& attributes) override {
        if (name == "row") {
            std::int64_t line = 0;
            const std::string_view r = attributes["r"];
            std::from_chars(r.data(), r.data() + r.size(), line);
            m_line = line > m_line && line <= kMaxRows ? line : m_line + 1;
            m_row = {m_line, {}, ""};
            m_column = 0;
            m_bytes = 0;
            m_inRow = true;
        } else if (name == "c" && m_inRow) {
            beginCell(attributes);
        } else if (name == "rPh") {
            m_inPhonetic = true;
        }
        m_inValue = m_inCell && !m_inPhonetic && (name == "v" || (name == "t" && m_cell.kind == Kind::Text));
    }
    void end(std::string_view name) override {
        m_inValue = false;
        if (name == "rPh")
            m_inPhonetic = false;
        if (name == "c" && m_inCell) {
            m_inCell = false;
            if (!m_cell.value.empty() && m_row.error.empty())
                m_row.cells.push_back(std::move(m_cell));
        }
        if (name == "row" && m_inRow) {
            m_inRow = false;
            if (!m_row.cells.empty() || !m_row.error.empty())
                rows.push_back(std::move(m_row));
        }
    }
    void text(std::string_view text) override {
        if (!m_inValue || !m_row.error.empty())
            return;
        m_bytes += text.size();
        if (m_bytes > kMaxBytes)
            m_row.error = fmt::format("the row is longer than {}", humanBytes(kMaxBytes));
        else
            m_cell.value += text;
    }

private:
    void beginCell(const XmlAttributes& attributes) {
        Place place{m_column, m_line};
        if (const std::string_view r = attributes["r"]; !r.empty() && !readPlace(r, place))
            m_row.error = fmt::format("a cell has the place \"{}\", which no sheet has", clipUtf8(r, 40));
        if (place.column >= kMaxColumns)
            m_row.error = fmt::format("the row has more than {} cells", kMaxColumns);
        if (!m_row.error.empty())
            return;
        m_cell = {};
        m_cell.column = place.column;
        m_column = place.column + 1;
        const std::string_view s = attributes["s"], type = attributes["t"];
        std::from_chars(s.data(), s.data() + s.size(), m_cell.style);
        if (type == "s")
            m_cell.kind = Kind::Shared;
        else if (type == "inlineStr" || type == "str" || type == "d")
            m_cell.kind = Kind::Text;
        else if (type == "b")
            m_cell.kind = Kind::Boolean;
        else if (type == "e")
            m_cell.kind = Kind::Error;
        m_inCell = true;
    }

    Row m_row;
    Cell m_cell;
    std::int64_t m_line = 0;
    std::size_t m_column = 0, m_bytes = 0;
    bool m_inRow = false, m_inCell = false, m_inValue = false, m_inPhonetic = false;
};

}  // namespace

struct SheetRows::State {
    State(std::shared_ptr<Workbook> book, Workbook::Sheet sheet)
        : m_book(std::move(book)),
          m_sheet(std::move(sheet)),
          m_parser(m_part, fmt::format("the sheet \"{}\"", m_sheet.name)),
          m_piece(64 * 1024) {}

    Result<> begin() {
        LATHE_CHECK(m_book->readTexts());
        const ZipMember* const member = m_book->archive()->find(m_sheet.part);
        LATHE_TRY(const bool merged, mentionsMerges(*member));
        if (merged) {
            MergesPart merges;
            LATHE_CHECK(m_book->parse(m_sheet.part, merges));
            m_merges = std::move(merges.merges);
            std::ranges::sort(m_merges, {}, &Merge::first);
        }
        LATHE_TRY(m_source, m_book->archive()->read(*member));
        m_bytesTotal = std::max<std::int64_t>(member->size, 1);
        return {};
    }
    Result<bool> next(SheetRow& row) {
        while (m_part.rows.empty()) {
            if (m_ended)
                return false;
            if (m_stop && m_stop())
                return fail(ErrorCode::Canceled, "the import was stopped; the project is as before");
            LATHE_TRY(const std::size_t got, m_source->read(m_piece.data(), m_piece.size()));
            LATHE_CHECK(
                m_book->budget()->spend(static_cast<std::int64_t>(got), m_book->archive()->file().filename().string()));
            m_bytes += static_cast<std::int64_t>(got);
            m_ended = got == 0;
            LATHE_CHECK(m_parser.feed({m_piece.data(), got}, m_ended));
        }
        take(m_part.rows.front(), row);
        m_part.rows.pop_front();
        return true;
    }
    double share() const { return std::min(1.0, static_cast<double>(m_bytes) / static_cast<double>(m_bytesTotal)); }

    // They stand behind all rows. Most sheets have none, and looking for the word costs less than reading XML twice.
    Result<bool> mentionsMerges(const ZipMember& member) {
        constexpr std::string_view kWord = "mergeCell ";
        LATHE_TRY(const auto source, m_book->archive()->read(member));
        UnpackBudget budget = *m_book->budget();
        std::string text;
        for (;;) {
            text.erase(0, text.size() - std::min(text.size(), kWord.size()));
            LATHE_TRY(const std::size_t got, source->read(m_piece.data(), m_piece.size()));
            if (got == 0)
                return false;
            LATHE_CHECK(budget.spend(static_cast<std::int64_t>(got), m_book->archive()->file().filename().string()));
            text.append(m_piece.data(), got);
            if (text.find(kWord) != std::string::npos)
                return true;
        }
    }

    std::string textOf(const RowsPart::Cell& cell) const {
        switch (cell.kind) {
            case RowsPart::Kind::Shared: {
                std::size_t index = SIZE_MAX;
                std::from_chars(cell.value.data(), cell.value.data() + cell.value.size(), index);
                return std::string(m_book->sharedText(index));
            }
            case RowsPart::Kind::Text:
                return cell.value.find("_x") == std::string::npos ? cell.value : unescaped(cell.value);
            case RowsPart::Kind::Boolean:
                return cell.value == "1" ? "TRUE" : "FALSE";
            case RowsPart::Kind::Error:
                return cell.value;
            case RowsPart::Kind::Number:
                break;
        }
        return numberText(cell.value, m_book->numberKind(cell.style), m_book->from1904());
    }

    void take(const RowsPart::Row& from, SheetRow& row) {
        row.line = from.line;
        row.error = from.error;
        row.cells.clear();
        std::size_t bytes = 0;
        for (const RowsPart::Cell& cell : from.cells) {
            if (cell.column >= row.cells.size())
                row.cells.resize(cell.column + 1);
            row.cells[cell.column] = textOf(cell);
            bytes += row.cells[cell.column].size();
            if (bytes > kMaxBytes && row.error.empty())
                row.error = fmt::format("the row is longer than {}", humanBytes(kMaxBytes));
            if (!row.error.empty()) {
                row.cells.clear();
                return;
            }
        }
        fillMerged(row);
    }

    void fillMerged(SheetRow& row) {
        std::erase_if(m_open, [&](const auto& entry) { return entry.second.last < row.line; });
        for (; m_nextMerge < m_merges.size() && m_merges[m_nextMerge].first <= row.line; ++m_nextMerge) {
            const Merge& merge = m_merges[m_nextMerge];
            const bool isHere = merge.first == row.line && merge.column < row.cells.size();
            if (merge.last >= row.line && isHere)
                m_open[merge.column] = {merge.last, row.cells[merge.column]};
        }
        for (const auto& [column, merged] : m_open) {
            if (column >= row.cells.size())
                row.cells.resize(column + 1);
            if (row.cells[column].empty())
                row.cells[column] = merged.text;
        }
    }

    struct OpenMerge {
        std::int64_t last = 0;
        std::string text;
    };

    std::shared_ptr<Workbook> m_book;
    Workbook::Sheet m_sheet;
    std::unique_ptr<ByteSource> m_source;  // goes before the book
    RowsPart m_part;
    XmlParser m_parser;
    std::vector<char> m_piece;
    std::vector<Merge> m_merges;
    std::size_t m_nextMerge = 0;
    std::map<std::size_t, OpenMerge> m_open;  ///< by column
    std::function<bool()> m_stop;
    std::int64_t m_bytes = 0, m_bytesTotal = 1;
    bool m_ended = false;
};

SheetRows::SheetRows(std::shared_ptr<Workbook> book, Workbook::Sheet sheet)
    : m_state(std::make_unique<State>(std::move(book), std::move(sheet))) {
}

SheetRows::~SheetRows() = default;

Result<> SheetRows::begin() {
    return m_state->begin();
}

Result<bool> SheetRows::next(SheetRow& row) {
    return m_state->next(row);
}

double SheetRows::share() const {
    return m_state->share();
}

void SheetRows::stopWhen(std::function<bool()> stop) {
    m_state->m_stop = std::move(stop);
}

}  // namespace lathe::corpus::detail
