// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/json_elements.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/files.h"
#include "corpus/detail/line_reader.h"
#include "corpus/detail/record_window.h"

namespace lathe::corpus::detail {
namespace {

constexpr auto kLimit = static_cast<std::size_t>(kMaxRecordBytes);
/// Members that hold the records of a file, and lists that belong to one record.
constexpr std::array kListNames{"data",      "rows",  "items", "examples", "records",    "samples", "entries",
                                "documents", "train", "dev",   "valid",    "validation", "test",    "results"};
constexpr std::array kRecordLists{"messages", "conversations", "entities", "spans", "labels", "annotations", "label"};

bool isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

class DocumentElements final : public JsonElements {
public:
    DocumentElements(std::unique_ptr<Utf8Stream> stream, JsonFill fill)
        : m_window(std::move(stream)), m_fill(std::move(fill)) {}

    std::int64_t bytesRead() const override { return m_window.bytesRead(); }
    Result<bool> next(Record& record) override;

private:
    enum class Place { Top, List, WrappedList };
    enum class Cut { Whole, TooLong, Open, BrokenString };

    void skipBlank(bool commas);
    std::size_t afterBlank(std::size_t at);
    /// From \p begin, finds the end of one value. With \p drops, what exceeds the limit is dropped on the way.
    Cut cutValue(std::size_t begin, std::size_t& end, bool drops);
    bool enterMemberList(std::size_t at);
    void skipRestOfObject();
    void takeElement(Record& record);
    void leaveBroken(Record& record, std::string reason, std::size_t seen);

    RecordWindow m_window;
    JsonFill m_fill;
    Place m_place = Place::Top;
    std::size_t m_indent = 0;  ///< blanks before the present element on its line
};

void DocumentElements::skipBlank(bool commas) {
    while (m_window.has(0) && (isBlank(m_window[0]) || (commas && m_window[0] == ','))) {
        m_indent = m_window[0] == '\n' ? 0 : m_indent + 1;
        m_window.drop(1);
    }
}

// Behind the last list of records: the other members are of no use, and the closing bracket is not an element.
void DocumentElements::skipRestOfObject() {
    for (;;) {
        skipBlank(true);
        if (!m_window.has(0))
            return;
        if (m_window[0] == '}') {
            m_window.drop(1);
            return;
        }
        std::size_t end = 0;
        const Cut cut = cutValue(0, end, true);
        m_window.drop(std::max<std::size_t>(end, 1));
        if (cut == Cut::Open)
            return;
    }
}

std::size_t DocumentElements::afterBlank(std::size_t at) {
    while (at < kLimit && m_window.has(at) && isBlank(m_window[at]))
        ++at;
    return at;
}

DocumentElements::Cut DocumentElements::cutValue(std::size_t begin, std::size_t& end, bool drops) {
    int depth = 0;
    bool inString = false, escaped = false, tooLong = false;
    for (std::size_t i = begin;; ++i) {
        if (i >= kLimit) {
            if (!drops)
                return Cut::TooLong;
            m_window.drop(i);
            i = 0;
            tooLong = true;
        }
        end = i;
        if (!m_window.has(i))
            return depth == 0 && !inString && i > begin ? (tooLong ? Cut::TooLong : Cut::Whole) : Cut::Open;
        const char c = m_window[i];
        bool closed = false;
        if (inString) {
            if (c == '\n')
                return Cut::BrokenString;
            inString = escaped || c != '"';
            escaped = !escaped && c == '\\';
            closed = !inString && depth == 0;
        } else if (c == '"') {
            inString = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            if (depth == 0)
                return tooLong ? Cut::TooLong : Cut::Whole;
            closed = --depth == 0;
        } else if (depth == 0 && (c == ',' || isBlank(c))) {
            return tooLong ? Cut::TooLong : Cut::Whole;
        }
        if (closed) {
            end = i + 1;
            return tooLong ? Cut::TooLong : Cut::Whole;
        }
    }
}

// At a place among the members of the top object: goes on to the next list of records and enters it.
bool DocumentElements::enterMemberList(std::size_t at) {
    for (bool isFirst = at == 1;; isFirst = false) {
        at = afterBlank(at);
        while (m_window.has(at) && m_window[at] == ',')
            at = afterBlank(at + 1);
        std::size_t end = 0;
        if (!m_window.has(at) || m_window[at] != '"' || cutValue(at, end, false) != Cut::Whole)
            return false;
        const std::string key(m_window.view(at + 1, end - at - 2));
        at = afterBlank(end);
        if (!m_window.has(at) || m_window[at] != ':')
            return false;
        at = afterBlank(at + 1);
        if (m_window.has(at) && m_window[at] == '[') {
            const std::size_t inside = afterBlank(at + 1);
            const bool holdsObjects = m_window.has(inside) && m_window[inside] == '{';
            const bool named = std::ranges::find(kListNames, key) != kListNames.end();
            const bool ofRecord = std::ranges::find(kRecordLists, key) != kRecordLists.end();
            if (named || (isFirst && holdsObjects && !ofRecord)) {
                m_window.drop(at + 1);
                m_place = Place::WrappedList;
                return true;
            }
        }
        if (cutValue(at, end, false) != Cut::Whole)
            return false;
        at = end;
    }
}

// A broken element may have swallowed its neighbours. Reading goes on at the next line that begins as the element's
// own line did, with the same indentation and an opening bracket; without one, behind what was seen.
void DocumentElements::leaveBroken(Record& record, std::string reason, std::size_t seen) {
    const std::string_view text = m_window.view(0, seen);
    record.error = std::move(reason);
    record.cells.assign(1, rowBeginning(text.substr(0, 400)));
    const char opening = text.empty() ? '{' : text.front();
    for (std::size_t line = text.find('\n'); line != std::string_view::npos; line = text.find('\n', line + 1)) {
        std::size_t i = line + 1;
        while (i < text.size() && (text[i] == ' ' || text[i] == '\t'))
            ++i;
        if (i < text.size() && text[i] == opening && i - line - 1 <= m_indent) {
            m_window.drop(line + 1);
            m_indent = 0;
            return;
        }
    }
    m_window.drop(std::max<std::size_t>(text.size(), m_window.has(0) ? 1 : 0));
    m_indent = 0;
}

void DocumentElements::takeElement(Record& record) {
    record.line = m_window.line();
    std::size_t end = 0;
    Cut cut = cutValue(0, end, false);
    if (cut == Cut::TooLong) {
        const std::string_view seen = m_window.view(0, kLimit);
        if (seen.find('\n') != std::string_view::npos)
            return leaveBroken(record, fmt::format("a value that is not closed within {}", humanBytes(kLimit)), kLimit);
        record.cells.assign(1, rowBeginning(seen.substr(0, 400)));
        record.error = fmt::format("the value is longer than {}", humanBytes(kLimit));
        cutValue(0, end, true);
        m_window.drop(end);
        return;
    }
    if (cut == Cut::Open)
        return leaveBroken(record, "the value is not closed; the file may be cut off", end);
    if (cut == Cut::BrokenString)
        return leaveBroken(record, "a text is not closed before the end of its line", end + 1);
    const std::string_view raw = m_window.view(0, end);
    if (end == 0)
        return leaveBroken(record, fmt::format("not valid JSON: unexpected '{}'", m_window[0]), 1);
    std::string reason = badTextReason(raw, m_window.encoding());
    if (reason.empty()) {
        m_fill(raw, record);
        reason = record.error;
    }
    if (!reason.empty())
        return leaveBroken(record, std::move(reason), end);
    m_window.drop(end);
}

Result<bool> DocumentElements::next(Record& record) {
    record.error.clear();
    for (;;) {
        skipBlank(m_place != Place::Top);
        if (m_window.error())
            return fail(*m_window.error());
        if (!m_window.has(0)) {
            if (m_place == Place::Top)
                return false;
            m_place = Place::Top;
            record.line = m_window.line();
            record.cells.assign(1, "");
            record.error = "the list is not closed; the file may be cut off";
            return true;
        }
        const char c = m_window[0];
        if (m_place == Place::Top && c == '[') {
            m_window.drop(1);
            m_place = Place::List;
        } else if (m_place == Place::Top && c == '{' && enterMemberList(1)) {
            continue;
        } else if (m_place != Place::Top && c == ']') {
            m_window.drop(1);
            if (m_place == Place::WrappedList && !enterMemberList(0)) {
                skipRestOfObject();
                m_place = Place::Top;
            } else if (m_place == Place::List) {
                m_place = Place::Top;
            }
        } else {
            takeElement(record);
            if (m_window.error())
                return fail(*m_window.error());
            return true;
        }
    }
}

class LineElements final : public JsonElements {
public:
    LineElements(std::unique_ptr<Utf8Stream> stream, JsonFill fill)
        : m_lines(std::move(stream)), m_fill(std::move(fill)) {}

    std::int64_t bytesRead() const override { return m_lines.bytesRead(); }
    Result<bool> next(Record& record) override {
        LATHE_TRY(const bool any, m_lines.next(record.line, m_text, record.error));
        if (!any)
            return false;
        if (record.error.empty())
            m_fill(m_text, record);
        else
            record.cells.assign(1, m_text);
        return true;
    }

private:
    LineReader m_lines;
    JsonFill m_fill;
    std::string m_text;
};

}  // namespace

std::unique_ptr<JsonElements> documentElements(std::unique_ptr<Utf8Stream> stream, JsonFill fill) {
    return std::make_unique<DocumentElements>(std::move(stream), std::move(fill));
}

std::unique_ptr<JsonElements> lineElements(std::unique_ptr<Utf8Stream> stream, JsonFill fill) {
    return std::make_unique<LineElements>(std::move(stream), std::move(fill));
}

}  // namespace lathe::corpus::detail
