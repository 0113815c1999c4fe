// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Aligned columns for terminals, by display width: a Chinese character takes two cells.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lathe {

/// Cells that \p text takes on a terminal. \source Unicode UAX #11, ranges W and F, and combining marks as 0.
int displayWidth(std::string_view text);
/// At most \p cells wide; what was cut ends in an ellipsis. Line breaks and tabs become spaces.
std::string clipToWidth(std::string_view text, int cells);

class TextTable {
public:
    enum class Align { Left, Right };
    struct Column {
        std::string title;
        Align align = Align::Left;
    };
    explicit TextTable(std::vector<Column> columns) : m_columns(std::move(columns)) {}
    /// Missing cells are empty, further ones are ignored.
    void add(std::vector<std::string> cells) { m_rows.push_back(std::move(cells)); }
    bool isEmpty() const { return m_rows.empty(); }
    std::string toString() const;

private:
    std::vector<Column> m_columns;
    std::vector<std::vector<std::string>> m_rows;
};

}  // namespace lathe
