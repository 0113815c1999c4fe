// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// JSON lines: a JSON value a line.
#include <deque>

#include "corpus/detail/column_roles.h"
#include "corpus/detail/json_rows.h"
#include "corpus/detail/json_sniff.h"
#include "corpus/detail/line_reader.h"
#include "corpus/importer.h"

namespace lathe::corpus {
namespace {

class JsonlReader final : public RecordReader {
public:
    explicit JsonlReader(std::unique_ptr<detail::Utf8Stream> stream) : m_lines(std::move(stream)) {}

    const std::vector<std::string>& columns() const override { return m_rows.columns(); }
    std::int64_t bytesRead() const override { return m_lines.bytesRead(); }

    Result<bool> next(Record& record) override {
        LATHE_TRY(const bool any, m_lines.next(record.line, m_text, record.error));
        if (!any)
            return false;
        if (record.error.empty())
            m_rows.fill(m_text, record);
        else
            record.cells.assign(1, m_text);
        return true;
    }

private:
    detail::LineReader m_lines;
    detail::JsonRows m_rows;
    std::string m_text;
};

}  // namespace

ImporterEntry jsonlImporter() {
    return {.id = "jsonl",
            .title = "JSON lines",
            .extensions = {"jsonl", "ndjson"},
            .sniff = [](const std::filesystem::path& path,
                        std::string_view head) { return detail::sniffJson(path, head).lines; },
            .detect = [](std::string_view, ImportOptions&) {},
            .open = [](const std::filesystem::path& path,
                       const ImportOptions& options) -> Result<std::unique_ptr<RecordReader>> {
                LATHE_TRY(auto stream, detail::Utf8Stream::open(path, options.encoding));
                return detail::withKnownColumns(std::make_unique<JsonlReader>(std::move(stream)));
            }};
}

}  // namespace lathe::corpus
