// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Plain text: a line a sample.
#include "corpus/detail/column_roles.h"
#include "corpus/detail/line_reader.h"
#include "corpus/importer.h"

namespace lathe::corpus {
namespace {

class TextReader final : public RecordReader {
public:
    explicit TextReader(std::unique_ptr<detail::Utf8Stream> stream) : m_lines(std::move(stream)) {}

    const std::vector<std::string>& columns() const override { return m_columns; }
    Result<bool> next(Record& record) override {
        record.cells.resize(1);
        return m_lines.next(record.line, record.cells.front(), record.error);
    }
    std::int64_t bytesRead() const override { return m_lines.bytesRead(); }

private:
    detail::LineReader m_lines;
    std::vector<std::string> m_columns{"text"};
};

}  // namespace

ImporterEntry textImporter() {
    return {.id = "text",
            .title = "Plain text (a line a sample)",
            .extensions = {"txt", "text"},
            .sniff = [](const std::filesystem::path& path,
                        std::string_view) { return detail::lowerExtension(path) == "txt" ? 50 : 20; },
            .detect = [](std::string_view, ImportOptions&) {},
            .open = [](const std::filesystem::path& path,
                       const ImportOptions& options) -> Result<std::unique_ptr<RecordReader>> {
                LATHE_TRY(auto stream, detail::Utf8Stream::open(path, options.encoding));
                return std::make_unique<TextReader>(std::move(stream));
            }};
}

}  // namespace lathe::corpus
