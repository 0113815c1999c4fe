// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// CoNLL: a token a line, its tag in the last column, a blank line behind each text. Two columns and more, parted by
// tabs or blanks. The text is put together from its tokens: with the blanks that a column says in CoNLL-U's words
// (SpaceAfter=No, SpacesAfter=\n), else with one blank, and none beside Chinese.
// \source https://aclanthology.org/W03-0419 (CoNLL-2003); https://universaldependencies.org/format.html
#include <fmt/format.h>

#include <algorithm>

#include "core/files.h"
#include "core/utf8.h"
#include "corpus/detail/conll.h"
#include "corpus/detail/json_text.h"
#include "corpus/detail/record_window.h"
#include "corpus/importer.h"

namespace lathe::corpus {
namespace {

constexpr auto kLimit = static_cast<std::size_t>(kMaxRecordBytes);
/// Of a text with its tags: a character a line takes twenty times its bytes.
constexpr std::size_t kBlockLimit = 8 * kLimit;
constexpr std::string_view kBlank = " \t";
constexpr std::string_view kDocument = "-DOCSTART-";

// A tab anywhere means tabs: then a label may have a blank in it.
std::vector<std::string_view> columnsOf(std::string_view line) {
    const bool tabs = line.find('\t') != std::string_view::npos;
    std::vector<std::string_view> columns;
    for (std::size_t at = 0; at < line.size();) {
        if (!tabs) {
            at = std::min(line.find_first_not_of(' ', at), line.size());
            if (at == line.size())
                break;
        }
        const std::size_t end = std::min(line.find(tabs ? '\t' : ' ', at), line.size());
        columns.push_back(line.substr(at, end - at));
        at = end + 1;
    }
    return columns;
}

// "# text = ..." of CoNLL-U; a token # has no such line.
bool isComment(std::string_view line) {
    if (!line.starts_with('#'))
        return false;
    const std::size_t equals = line.find(" = ");
    const std::string_view key = line.substr(1, equals == std::string_view::npos ? 0 : equals - 1);
    return !key.empty() && std::ranges::all_of(key, [](char c) {
        return c == ' ' || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    });
}

struct Token {
    std::string_view text, tag;
    std::string_view blanks;  ///< "SpaceAfter=No" and its like; else something else
};

/// A text as it grows token by token.
class Text {
public:
    void add(const Token& token) {
        const std::u32string points = toCodePoints(token.text);
        if (points.empty())
            return;
        std::u32string gap = m_text.empty() || !detail::isSpaced(m_text.back(), points.front()) ? U"" : U" ";
        if (m_after)
            gap = *m_after;
        if (const auto before = value(token.blanks, "SpacesBefore="))
            gap += detail::unescapedBlanks(*before);
        m_text += gap;
        m_begins.push_back(static_cast<std::int32_t>(m_text.size()));
        m_text += points;
        m_ends.push_back(static_cast<std::int32_t>(m_text.size()));
        m_tags.push_back(token.tag);
        m_after.reset();
        if (const auto after = value(token.blanks, "SpacesAfter="))
            m_after = detail::unescapedBlanks(*after);
        else if (value(token.blanks, "SpaceAfter=") == "No")
            m_after = U"";
    }
    std::string text() const { return toUtf8(m_text + m_after.value_or(U"")); }
    const std::vector<std::string_view>& tags() const { return m_tags; }
    std::string spans(const std::vector<detail::TokenSpan>& spans) const {
        std::string json = "[";
        for (const auto& [begin, end, label] : spans) {
            json += fmt::format("{}{{\"start\":{},\"end\":{},\"label\":", json.size() > 1 ? "," : "", m_begins[begin],
                                m_ends[end - 1]);
            detail::appendJsonString(json, label);
            json += '}';
        }
        return json + "]";
    }

private:
    static std::optional<std::string_view> value(std::string_view blanks, std::string_view key) {
        while (!blanks.empty()) {
            const std::string_view part = blanks.substr(0, blanks.find('|'));
            if (part.starts_with(key))
                return part.substr(key.size());
            blanks.remove_prefix(std::min(part.size() + 1, blanks.size()));
        }
        return std::nullopt;
    }

    std::u32string m_text;
    std::optional<std::u32string> m_after;
    std::vector<std::int32_t> m_begins, m_ends;
    std::vector<std::string_view> m_tags;
};

class ConllReader final : public RecordReader {
public:
    explicit ConllReader(std::unique_ptr<detail::Utf8Stream> stream) : m_window(std::move(stream)) {}

    const std::vector<std::string>& columns() const override { return m_columns; }
    std::int64_t bytesRead() const override { return m_window.bytesRead(); }

    Result<bool> next(Record& record) override {
        for (;;) {
            record.error.clear();
            std::vector<std::string> lines;
            LATHE_TRY(const bool any, readBlock(record, lines));
            if (!any)
                return false;
            if (!record.error.empty())
                return true;
            if (take(record, lines))
                return true;
        }
    }

private:
    /// The lines up to a blank one. With an error in \p record, cells hold the block's beginning.
    Result<bool> readBlock(Record& record, std::vector<std::string>& lines) {
        std::size_t bytes = 0;
        while (m_window.has(0)) {
            const std::int64_t number = m_window.line();
            std::size_t size = m_window.lineEnd(0, kLimit);
            if ((size == detail::RecordWindow::npos && m_window.has(kLimit)) || bytes > kBlockLimit) {
                breakAt(record, number, fmt::format("a text longer than {}", humanBytes(kBlockLimit)), lines);
                m_window.dropLine();
                continue;
            }
            std::string_view raw = m_window.view(0, size);
            size = raw.size();
            while (!raw.empty() && (raw.back() == '\n' || raw.back() == '\r'))
                raw.remove_suffix(1);
            const bool isBlank = raw.find_first_not_of(kBlank) == std::string_view::npos;
            if (!isBlank) {
                if (lines.empty())
                    record.line = number;
                if (const std::string reason = detail::badTextReason(raw, m_window.encoding()); !reason.empty())
                    breakAt(record, number, reason, lines);
                bytes += raw.size();
                lines.emplace_back(record.error.empty() ? std::string(raw) : std::string());
            }
            m_window.drop(size);
            if (isBlank && !lines.empty())
                return true;
        }
        if (m_window.error())
            return fail(*m_window.error());
        return !lines.empty();
    }

    static void breakAt(Record& record, std::int64_t line, const std::string& reason,
                        const std::vector<std::string>& lines) {
        if (!record.error.empty())
            return;
        record.error = reason;
        record.cells.assign(1, lines.empty() ? std::string() : detail::rowBeginning(lines.front()));
        record.line = line;
    }

    /// \returns false for a block that holds no token.
    bool take(Record& record, const std::vector<std::string>& lines) {
        Text text;
        const std::int64_t first = record.line;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            if (isComment(lines[i]))
                continue;
            const auto columns = columnsOf(lines[i]);
            if (columns.front() == kDocument && (columns.back() == "O" || columns.back().starts_with('-')))
                continue;
            const std::int64_t line = first + static_cast<std::int64_t>(i);
            if (columns.size() < 2) {
                breakAt(record, line, "a token without a tag", {lines[i]});
                return true;
            }
            if (m_width == 0)
                m_width = columns.size();
            if (columns.size() != m_width) {
                breakAt(record, line, fmt::format("{} columns where the file has {}", columns.size(), m_width),
                        {lines[i]});
                return true;
            }
            if (!detail::isTag(columns.back())) {
                breakAt(record, line,
                        fmt::format("\"{}\" is no tag: O, or B-, I-, E-, S- and a label", clipUtf8(columns.back(), 40)),
                        {lines[i]});
                return true;
            }
            text.add({columns.front(), columns.back(), columns.size() > 2 ? columns[columns.size() - 2] : ""});
        }
        if (text.tags().empty())
            return false;
        std::size_t bad = 0;
        const auto spans = detail::spansOf(text.tags(), bad);
        record.cells = {text.text(), text.spans(spans ? *spans : std::vector<detail::TokenSpan>())};
        return true;
    }

    detail::RecordWindow m_window;
    std::size_t m_width = 0;
    std::vector<std::string> m_columns{"text", "spans"};
};

/// The sentences' tags in the head, and how many of its lines are none of a token.
struct Look {
    std::vector<std::vector<std::string>> sentences{{}};
    std::size_t tokens = 0, others = 0, labelled = 0;
    bool hasBlank = false;
};

Look lookAt(std::string_view head) {
    Look look;
    std::size_t width = 0;
    while (!head.empty() && look.tokens + look.others < 2000) {
        std::string_view line = head.substr(0, head.find('\n'));
        head.remove_prefix(std::min(line.size() + 1, head.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        const auto columns = columnsOf(line);
        if (line.find_first_not_of(kBlank) == std::string_view::npos) {
            look.hasBlank = true;
            if (!look.sentences.back().empty())
                look.sentences.emplace_back();
        } else if (isComment(line) || columns.front() == kDocument) {
            continue;
        } else if (columns.size() >= 2 && detail::isTag(columns.back()) && (width == 0 || columns.size() == width)) {
            width = columns.size();
            ++look.tokens;
            look.labelled += columns.back() == "O" ? 0 : 1;
            look.sentences.back().emplace_back(columns.back());
        } else {
            ++look.others;
        }
    }
    return look;
}

int sniff(const std::filesystem::path&, std::string_view head) {
    const Look look = lookAt(head);
    const bool tells = look.labelled > 0 || (look.tokens >= 3 && look.hasBlank);
    return tells && look.tokens >= 9 * look.others ? 98 : 0;
}

std::vector<std::string> notes(std::string_view head) {
    const auto scheme = detail::recogniseScheme(lookAt(head).sentences);
    return {scheme ? fmt::format("tags in the scheme {}", detail::tagSchemeName(*scheme))
                   : "tags that several schemes would write alike"};
}

}  // namespace

ImporterEntry conllImporter() {
    return {.id = "conll",
            .title = "CoNLL (a token a line)",
            .extensions = {"conll", "iob", "bio"},
            .namesRoles = true,
            .sniff = sniff,
            .detect = [](std::string_view, ImportOptions&) {},
            .open = [](const std::filesystem::path& path,
                       const ImportOptions& options) -> Result<std::unique_ptr<RecordReader>> {
                LATHE_TRY(auto stream, detail::Utf8Stream::open(path, options.encoding));
                return std::make_unique<ConllReader>(std::move(stream));
            },
            .notes = notes};
}

}  // namespace lathe::corpus
