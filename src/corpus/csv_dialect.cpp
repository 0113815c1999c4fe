// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/csv_dialect.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/utf8.h"
#include "corpus/detail/column_roles.h"

namespace lathe::corpus::detail {
namespace {

constexpr std::size_t kRows = 300;
using Rows = std::vector<std::vector<std::string>>;

// A forgiving splitter for looking only: quoting as in the parser, nothing reported. A quote that does not close
// within some lines is taken as a character, so that one broken row does not hide the table.
Rows split(std::string_view head, char delimiter) {
    Rows rows;
    std::size_t at = 0;
    while (at < head.size() && rows.size() < kRows) {
        std::vector<std::string> cells(1);
        const std::size_t lookAhead = std::min(head.size(), at + 16384);
        bool lineEnded = false;
        while (at < head.size() && !lineEnded) {
            if (head[at] == '"' && cells.back().empty()) {
                std::size_t close = head.find('"', at + 1);
                while (close < lookAhead && close + 1 < head.size() && head[close + 1] == '"')
                    close = head.find('"', close + 2);
                if (close < lookAhead) {
                    cells.back() = head.substr(at + 1, close - at - 1);
                    at = close + 1;
                    if (cells.back().empty())
                        cells.back() = " ";  // not empty any more: a third quote is a character
                    continue;
                }
            }
            const char c = head[at++];
            if (c == delimiter)
                cells.emplace_back();
            else if (c == '\n' || c == '\r')
                lineEnded = true;
            else
                cells.back().push_back(c);
        }
        if (cells.size() > 1 || !cells.front().empty())
            rows.push_back(std::move(cells));
    }
    return rows;
}

bool isNumber(std::string_view cell) {
    double value = 0;
    const auto result = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    return !cell.empty() && result.ec == std::errc() && result.ptr == cell.data() + cell.size();
}

}  // namespace

bool looksLikeHeader(const Rows& rows, std::size_t columns) {
    const auto& first = rows.front();
    if (first.size() != columns)
        return false;
    std::set<std::string> names;
    for (const std::string& cell : first) {
        if (isRoleName(cell))
            return true;
        if (isNumber(cell) || countCodePoints(cell) > 60 || !names.insert(cell).second)
            return false;
    }
    if (rows.size() < 3)
        return false;
    // A column whose values repeat (a label's, say), in which the first row's cell never comes again.
    for (std::size_t c = 0; c < columns; ++c) {
        std::map<std::string, std::size_t> seen;
        std::size_t numbers = 0, filled = 0;
        double length = 0;
        for (std::size_t r = 1; r < rows.size(); ++r) {
            if (rows[r].size() != columns)
                continue;
            ++seen[rows[r][c]];
            ++filled;
            numbers += isNumber(rows[r][c]) ? 1 : 0;
            length += static_cast<double>(countCodePoints(rows[r][c]));
        }
        if (filled == 0)
            continue;
        if (numbers == filled)
            return true;  // numbers below, a word on top
        const bool repeats = seen.size() * 3 <= filled && filled >= 6;
        if (repeats && !seen.contains(first[c]))
            return true;
        const bool isIdentifier = first[c].find(' ') == std::string::npos && countCodePoints(first[c]) <= 20;
        if (isIdentifier && columns >= 2 &&
            length / static_cast<double>(filled) > 4.0 * static_cast<double>(countCodePoints(first[c])) &&
            !seen.contains(first[c]))
            return true;
    }
    return false;
}

CsvDialect sniffDialect(std::string_view head, bool preferTab) {
    CsvDialect best;
    best.delimiter = preferTab ? '\t' : ',';
    double bestScore = 0;
    Rows bestRows;
    for (const char delimiter : {'\t', ',', ';', '|'}) {
        auto rows = split(head, delimiter);
        if (rows.empty())
            continue;
        std::map<std::size_t, std::size_t> counts;
        for (const auto& row : rows)
            ++counts[row.size()];
        const auto modal = std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
        const std::size_t columns = modal->first;
        const double consistency = static_cast<double>(modal->second) / static_cast<double>(rows.size());
        if (columns < 2 || consistency < 0.5)
            continue;
        const double score = consistency + (rows.front().size() == columns ? 0.1 : 0) +
                             (preferTab && delimiter == '\t' ? 1 : 0) + (delimiter == ',' ? 0.01 : 0);
        if (score > bestScore) {
            bestScore = score;
            best = {delimiter, true, columns, rows.size(), consistency};
            bestRows = std::move(rows);
        }
    }
    if (bestScore == 0) {
        // One column. Whatever does not occur in the texts keeps them whole.
        for (const char delimiter : {',', '\t', ';', '|', '\x1F'}) {
            if (head.find(delimiter) == std::string_view::npos || delimiter == '\x1F') {
                best.delimiter = delimiter;
                break;
            }
        }
        bestRows = split(head, best.delimiter);
        best.rows = bestRows.size();
        best.consistency = 1;
    }
    best.header = !bestRows.empty() && looksLikeHeader(bestRows, best.columns);
    return best;
}

}  // namespace lathe::corpus::detail
