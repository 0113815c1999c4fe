// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "corpus/detail/project_cells.h"

namespace lathe::corpus::detail {
namespace {

void appendCell(std::string& out, std::string_view cell) {
    // Blanks at the ends are quoted too: some readers cut them off.
    const bool quoted = cell.find_first_of("\",;\t|\r\n") != std::string_view::npos ||
                        (!cell.empty() && (cell.front() == ' ' || cell.back() == ' '));
    if (!quoted) {
        out += cell;
        return;
    }
    out += '"';
    for (const char c : cell) {
        if (c == '"')
            out += '"';
        out += c;
    }
    out += '"';
}

class TableWriter final : public SampleWriter {
public:
    explicit TableWriter(char delimiter) : m_delimiter(delimiter) {}

    void begin(const ExportFrame& frame, std::string& out) override {
        for (const ProjectColumn& column : projectColumns())
            if (!column.part || frame.parts.contains(*column.part))
                m_columns.emplace_back(column.id);
        m_metadata = frame.metadata;
        for (const std::string& column : m_columns)
            append(out, column);
        for (const std::string& key : m_metadata)
            append(out, metadataKey(key));
        endRow(out);
    }

    bool write(const OutgoingSample& sample, std::string& out, Losses& losses) override {
        const std::size_t before = out.size();
        for (const std::string& column : m_columns)
            append(out, projectCell(sample, column).text);
        for (const std::string& key : m_metadata) {
            const auto found = std::ranges::find(sample.metadata, key, &std::pair<std::string, std::string>::first);
            append(out, found == sample.metadata.end() ? std::string_view() : std::string_view(found->second));
        }
        endRow(out);
        if (out.find('\0', before) != std::string::npos) {
            out.resize(before);
            losses.leftOut(kZeroLoss);
            return false;
        }
        reportMetadataKeys(sample, losses);
        return true;
    }

private:
    void append(std::string& out, std::string_view cell) {
        if (!m_isFirst)
            out += m_delimiter;
        m_isFirst = false;
        appendCell(out, cell);
    }
    void endRow(std::string& out) {
        out += "\r\n";
        m_isFirst = true;
    }

    char m_delimiter;
    bool m_isFirst = true;
    std::vector<std::string> m_columns, m_metadata;
};

}  // namespace

std::unique_ptr<SampleWriter> makeTableWriter(char delimiter) {
    return std::make_unique<TableWriter>(delimiter);
}

}  // namespace lathe::corpus::detail
