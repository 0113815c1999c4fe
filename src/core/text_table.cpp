// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text_table.h"

#include <algorithm>

#include "core/utf8.h"

namespace lathe {
namespace {

struct Range {
    char32_t first, last;
};

constexpr Range kWide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x33FF},  {0x3400, 0x4DBF},
                           {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xAC00, 0xD7A3},  {0xF900, 0xFAFF},
                           {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},  {0x1F300, 0x1F64F},
                           {0x1F900, 0x1F9FF}, {0x20000, 0x2FFFD}, {0x30000, 0x3FFFD}};
constexpr Range kZero[] = {{0x0300, 0x036F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}};

template <std::size_t N>
bool contains(const Range (&ranges)[N], char32_t c) {
    return std::ranges::any_of(ranges, [c](const Range& r) { return c >= r.first && c <= r.last; });
}

int widthOf(char32_t c) {
    if (c < 0x20 || c == 0x7F || contains(kZero, c))
        return 0;
    return contains(kWide, c) ? 2 : 1;
}

}  // namespace

int displayWidth(std::string_view text) {
    int width = 0;
    for (std::size_t pos = 0; pos < text.size();)
        width += widthOf(nextCodePoint(text, pos));
    return width;
}

std::string clipToWidth(std::string_view text, int cells) {
    std::string clipped;
    int width = 0;
    for (std::size_t pos = 0; pos < text.size();) {
        char32_t c = nextCodePoint(text, pos);
        if (c < 0x20 || c == 0x7F)
            c = ' ';
        // One cell is kept for the ellipsis unless this is the last character.
        if (width + widthOf(c) > cells - (pos < text.size() ? 1 : 0)) {
            appendUtf8(clipped, 0x2026);
            return clipped;
        }
        appendUtf8(clipped, c);
        width += widthOf(c);
    }
    return clipped;
}

std::string TextTable::toString() const {
    std::vector<int> widths;
    for (std::size_t c = 0; c < m_columns.size(); ++c) {
        int width = displayWidth(m_columns[c].title);
        for (const auto& row : m_rows)
            width = std::max(width, c < row.size() ? displayWidth(row[c]) : 0);
        widths.push_back(width);
    }
    std::string out;
    const auto addRow = [&](const auto& cellOf) {
        std::string line;
        for (std::size_t c = 0; c < m_columns.size(); ++c) {
            const std::string cell = cellOf(c);
            const std::string gap(static_cast<std::size_t>(widths[c] - displayWidth(cell)), ' ');
            line += m_columns[c].align == Align::Left ? cell + gap : gap + cell;
            line += "  ";
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    };
    addRow([&](std::size_t c) { return m_columns[c].title; });
    for (const auto& row : m_rows)
        addRow([&](std::size_t c) { return c < row.size() ? row[c] : std::string(); });
    return out;
}

}  // namespace lathe
