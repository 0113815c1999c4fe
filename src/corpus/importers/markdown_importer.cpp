// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Markdown as text: headings are lines, markup goes, front matter becomes columns. A file, a section (from one heading
// to the next) or a paragraph a sample. The parsing is cmark's (BSD-2), after the CommonMark specification.
#include <cmark.h>
#include <fmt/format.h>

#include <algorithm>

#include "corpus/detail/column_roles.h"
#include "corpus/detail/html_text.h"
#include "corpus/detail/page_records.h"

namespace lathe::corpus {
namespace {

constexpr std::size_t kMaxKeys = 100;

struct FrontMatter {
    std::vector<std::string> names, values;
    std::size_t end = 0;     ///< where the text begins
    std::int64_t lines = 0;  ///< before the text
};

std::string_view lineAt(std::string_view text, std::size_t at) {
    std::string_view line = text.substr(at, text.find('\n', at) - at);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

std::string unquoted(std::string value) {
    if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
        return value.substr(1, value.size() - 2);
    return value;
}

// "key: value" between two lines of dashes; what is indented or a list below a key belongs to it. It is YAML, of which
// no more than this is read: values stay as they are written.
FrontMatter frontMatter(std::string_view text) {
    FrontMatter none, found;
    if (lineAt(text, 0) != "---")
        return none;
    std::size_t at = std::min(text.find('\n'), text.size());
    for (found.lines = 1; at < text.size();) {
        ++at;
        const std::string_view line = lineAt(text, at);
        at = std::min(text.find('\n', at), text.size());
        ++found.lines;
        if (line == "---" || line == "...") {
            found.end = std::min(at + 1, text.size());
            return found;
        }
        const std::size_t colon = line.find(':');
        const bool isIndented = line.empty() || line.front() == ' ' || line.front() == '\t' || line.front() == '-';
        if (!isIndented && line.front() != '#' && colon != std::string_view::npos && found.names.size() < kMaxKeys) {
            found.names.push_back(detail::trimmed(line.substr(0, colon)));
            found.values.push_back(unquoted(detail::trimmed(line.substr(colon + 1))));
        } else if (isIndented && !found.values.empty() && !detail::trimmed(line).empty()) {
            found.values.back() += (found.values.back().empty() ? "" : "\n") + detail::trimmed(line);
        } else if (!detail::trimmed(line).empty() && line.front() != '#') {
            return none;  // a rule above a text, and no front matter
        }
    }
    return none;
}

struct FreeNode {
    void operator()(cmark_node* node) const { ::cmark_node_free(node); }
};

struct Piece {
    std::int64_t line = 0;
    std::string html;
};

// The blocks at the top, put together from one heading to the next.
std::vector<Piece> pieces(std::string_view text, TextUnit unit) {
    const std::unique_ptr<cmark_node, FreeNode> document(
        ::cmark_parse_document(text.data(), text.size(), CMARK_OPT_VALIDATE_UTF8));
    std::vector<Piece> found;
    for (cmark_node* node = ::cmark_node_first_child(document.get()); node; node = ::cmark_node_next(node)) {
        const bool begins = found.empty() || unit == TextUnit::Paragraph ||
                            (unit == TextUnit::Section && ::cmark_node_get_type(node) == CMARK_NODE_HEADING);
        if (begins)
            found.push_back({::cmark_node_get_start_line(node), ""});
        char* const html = ::cmark_render_html(node, CMARK_OPT_UNSAFE);
        found.back().html += html;
        std::free(html);
    }
    return found;
}

int sniff(const std::filesystem::path& path, std::string_view head) {
    const auto extension = detail::lowerExtension(path);
    if (extension == "md" || extension == "markdown" || extension == "mkd")
        return 88;
    if (extension == "csv" || extension == "tsv")
        return 0;
    int signs = frontMatter(head).names.empty() ? 0 : 2;
    bool heading = false, fence = false;
    for (std::size_t at = 0; at < head.size(); at = std::min(head.find('\n', at), head.size() - 1) + 1) {
        const std::string_view line = lineAt(head, at);
        const std::size_t marks = std::min(line.find_first_not_of('#'), line.size());
        heading = heading || (marks >= 1 && marks <= 6 && marks < line.size() && line[marks] == ' ');
        fence = fence || line.starts_with("```");
    }
    signs += (heading ? 1 : 0) + (fence ? 1 : 0);
    signs += (head.find("](") != std::string_view::npos ? 1 : 0) + (head.find("**") != std::string_view::npos ? 1 : 0);
    return heading && signs >= 3 ? 58 : 0;
}

Result<std::unique_ptr<RecordReader>> open(const std::filesystem::path& path, const ImportOptions& options) {
    LATHE_TRY(const auto stream, detail::Utf8Stream::open(path, options.encoding));
    LATHE_TRY(const auto page, detail::readPage(*stream));
    std::deque<Record> records;
    if (page.isTooLong) {
        records.push_back(detail::tooLongRecord(page));
        return std::make_unique<detail::PageRecords>(std::vector<std::string>{"text"}, std::move(records), page.bytes);
    }
    const FrontMatter front = frontMatter(page.text);
    std::vector<std::string> names{"text"};
    names.insert(names.end(), front.names.begin(), front.names.end());
    const auto found = pieces(std::string_view(page.text).substr(front.end), options.unit);
    for (std::size_t i = 0; i < found.size(); ++i) {
        LATHE_TRY(const auto html, detail::htmlToText(found[i].html));
        std::string text = html.whole();
        if (text.empty())  // a comment or a rule
            continue;
        Record record;
        record.line = found[i].line + front.lines;
        const bool isLast = i + 1 == found.size();
        record.error = detail::badWithin(page, record.line, isLast ? INT64_MAX : found[i + 1].line + front.lines);
        record.cells.push_back(std::move(text));
        record.cells.insert(record.cells.end(), front.values.begin(), front.values.end());
        records.push_back(std::move(record));
    }
    return std::make_unique<detail::PageRecords>(detail::columnNames(names), std::move(records), page.bytes);
}

}  // namespace

ImporterEntry markdownImporter() {
    return {.id = "markdown",
            .title = "Markdown",
            .extensions = {"md", "markdown", "mkd"},
            .units = {TextUnit::File, TextUnit::Section, TextUnit::Paragraph},
            .sniff = sniff,
            .detect = [](std::string_view, ImportOptions&) {},
            .open = open};
}

}  // namespace lathe::corpus
