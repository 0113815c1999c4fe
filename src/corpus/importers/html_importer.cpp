// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// HTML pages: what a person would see, a page or a paragraph a sample.
#include <algorithm>

#include "corpus/detail/column_roles.h"
#include "corpus/detail/html_text.h"
#include "corpus/detail/page_records.h"
#include "corpus/detail/text_search.h"

namespace lathe::corpus {
namespace {

int sniff(const std::filesystem::path& path, std::string_view head) {
    const auto extension = detail::lowerExtension(path);
    const auto begin = head.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos || head[begin] != '<')
        return 0;
    std::string start(head.substr(begin, 4096));
    std::ranges::transform(start, start.begin(), detail::foldAscii);
    const auto has = [&](std::string_view word) { return start.find(word) != std::string::npos; };
    if (start.starts_with("<!doctype html") || start.starts_with("<html") || has("<html"))
        return 97;
    if (extension == "html" || extension == "htm" || extension == "xhtml")
        return 92;
    return has("<p>") || has("<div") || has("<body") || has("<br>") ? 70 : 0;
}

Result<std::unique_ptr<RecordReader>> open(const std::filesystem::path& path, const ImportOptions& options) {
    LATHE_TRY(const auto stream, detail::Utf8Stream::open(path, options.encoding));
    LATHE_TRY(const auto page, detail::readPage(*stream));
    std::deque<Record> records;
    const std::vector<std::string> columns{"text", "title"};
    if (page.isTooLong) {
        records.push_back(detail::tooLongRecord(page));
        return std::make_unique<detail::PageRecords>(columns, std::move(records), page.bytes);
    }
    LATHE_TRY(auto html, detail::htmlToText(page.text));
    if (options.unit == TextUnit::File)
        html.blocks = {{1, html.whole()}};
    for (std::size_t i = 0; i < html.blocks.size(); ++i) {
        Record record;
        record.line = html.blocks[i].line;
        const bool isLast = i + 1 == html.blocks.size();
        record.error = detail::badWithin(page, record.line,
                                         isLast ? INT64_MAX : std::max(html.blocks[i + 1].line, record.line + 1));
        record.cells = {std::move(html.blocks[i].text), html.title};
        records.push_back(std::move(record));
    }
    return std::make_unique<detail::PageRecords>(columns, std::move(records), page.bytes);
}

}  // namespace

ImporterEntry htmlImporter() {
    return {.id = "html",
            .title = "HTML page",
            .extensions = {"html", "htm", "xhtml"},
            .units = {TextUnit::File, TextUnit::Paragraph},
            .sniff = sniff,
            .detect = [](std::string_view, ImportOptions&) {},
            .open = open};
}

}  // namespace lathe::corpus
