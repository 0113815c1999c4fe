// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// fastText: a line a sample, its labels (one or several) as words that begin with "__label__", before the text or
// behind it.
// \source https://fasttext.cc/docs/en/supervised-tutorial.html (the format of its training files)
#include <algorithm>

#include "corpus/detail/column_roles.h"
#include "corpus/detail/json_text.h"
#include "corpus/detail/line_reader.h"
#include "corpus/importer.h"

namespace lathe::corpus {
namespace {

constexpr std::string_view kPrefix = "__label__";
constexpr std::string_view kBlank = " \t";

struct LabelledLine {
    std::string_view text;
    std::vector<std::string_view> labels;
};

// Labels in the middle of a text are words of it: taking them out would change the text.
LabelledLine split(std::string_view line) {
    LabelledLine found;
    for (;;) {
        line.remove_prefix(std::min(line.find_first_not_of(kBlank), line.size()));
        if (!line.starts_with(kPrefix))
            break;
        const std::size_t end = std::min(line.find_first_of(kBlank), line.size());
        found.labels.push_back(line.substr(kPrefix.size(), end - kPrefix.size()));
        line.remove_prefix(end);
    }
    const std::size_t leading = found.labels.size();
    for (;;) {
        line = line.substr(0, line.find_last_not_of(kBlank) + 1);
        const std::size_t last = line.find_last_of(kBlank) + 1;  // 0 when there is no blank
        if (last == 0 || !line.substr(last).starts_with(kPrefix))
            break;
        found.labels.insert(found.labels.begin() + static_cast<std::ptrdiff_t>(leading),
                            line.substr(last + kPrefix.size()));
        line = line.substr(0, last);
    }
    found.text = line;
    std::vector<std::string_view> once;
    for (const std::string_view label : found.labels)
        if (!label.empty() && std::ranges::find(once, label) == once.end())
            once.push_back(label);
    found.labels = std::move(once);
    return found;
}

class FastTextReader final : public RecordReader {
public:
    explicit FastTextReader(std::unique_ptr<detail::Utf8Stream> stream) : m_lines(std::move(stream)) {}

    const std::vector<std::string>& columns() const override { return m_columns; }
    std::int64_t bytesRead() const override { return m_lines.bytesRead(); }

    Result<bool> next(Record& record) override {
        LATHE_TRY(const bool any, m_lines.next(record.line, m_line, record.error));
        if (!any)
            return false;
        record.cells.assign(2, "");
        if (!record.error.empty()) {
            record.cells.front() = m_line;
            return true;
        }
        const LabelledLine found = split(m_line);
        record.cells[0] = found.text;
        if (found.labels.size() == 1) {
            record.cells[1] = found.labels.front();
        } else if (found.labels.size() > 1) {
            for (const std::string_view label : found.labels) {
                record.cells[1] += record.cells[1].empty() ? '[' : ',';
                detail::appendJsonString(record.cells[1], label);
            }
            record.cells[1] += ']';
        }
        return true;
    }

private:
    detail::LineReader m_lines;
    std::string m_line;
    std::vector<std::string> m_columns{"text", "label"};
};

int sniff(const std::filesystem::path&, std::string_view head) {
    std::size_t lines = 0, labelled = 0;
    while (!head.empty() && lines < 200) {
        const std::string_view line = head.substr(0, head.find_first_of("\r\n"));
        head.remove_prefix(std::min(line.size() + 1, head.size()));
        if (line.find_first_not_of(kBlank) == std::string_view::npos)
            continue;
        ++lines;
        labelled += split(line).labels.empty() ? 0 : 1;
    }
    return labelled > 0 && labelled * 10 >= lines * 7 ? 97 : 0;
}

}  // namespace

ImporterEntry fastTextImporter() {
    return {.id = "fasttext",
            .title = "fastText (__label__)",
            .extensions = {"ft"},
            .sniff = sniff,
            .detect = [](std::string_view, ImportOptions&) {},
            .open = [](const std::filesystem::path& path,
                       const ImportOptions& options) -> Result<std::unique_ptr<RecordReader>> {
                LATHE_TRY(auto stream, detail::Utf8Stream::open(path, options.encoding));
                return std::make_unique<FastTextReader>(std::move(stream));
            }};
}

}  // namespace lathe::corpus
