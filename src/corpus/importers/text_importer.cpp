// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Plain text: a line, a paragraph or the file a sample.
#include "corpus/detail/column_roles.h"
#include "corpus/detail/line_reader.h"
#include "corpus/detail/text_units.h"
#include "corpus/importer.h"

namespace lathe::corpus {
namespace {

template <class Texts>
class TextReader final : public RecordReader {
public:
    explicit TextReader(Texts texts) : m_texts(std::move(texts)) {}

    const std::vector<std::string>& columns() const override { return m_columns; }
    Result<bool> next(Record& record) override {
        record.cells.resize(1);
        return m_texts.next(record.line, record.cells.front(), record.error);
    }
    std::int64_t bytesRead() const override { return m_texts.bytesRead(); }

private:
    Texts m_texts;
    std::vector<std::string> m_columns{"text"};
};

Result<std::unique_ptr<RecordReader>> open(const std::filesystem::path& path, const ImportOptions& options) {
    LATHE_TRY(auto stream, detail::Utf8Stream::open(path, options.encoding));
    if (options.unit == TextUnit::Line)
        return std::make_unique<TextReader<detail::LineReader>>(detail::LineReader(std::move(stream)));
    return std::make_unique<TextReader<detail::TextUnits>>(detail::TextUnits(std::move(stream), options.unit));
}

}  // namespace

ImporterEntry textImporter() {
    return {.id = "text",
            .title = "Plain text",
            .extensions = {"txt", "text"},
            .units = {TextUnit::Line, TextUnit::Paragraph, TextUnit::File},
            .sniff = [](const std::filesystem::path& path,
                        std::string_view) { return detail::lowerExtension(path) == "txt" ? 50 : 20; },
            .detect = [](std::string_view, ImportOptions&) {},
            .open = open};
}

}  // namespace lathe::corpus
