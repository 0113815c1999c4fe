// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/json_shape.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/utf8.h"
#include "corpus/detail/json_elements.h"
#include "corpus/detail/json_sniff.h"
#include "corpus/detail/record_window.h"

namespace lathe::corpus::detail {
namespace {

constexpr std::size_t kObjects = 20;
constexpr std::size_t kTextBytes = 40;
constexpr std::size_t kMaxColumns = 1000;

/// Walks over JSON that may end anywhere. Every step says whether there was something to step over.
class Scanner {
public:
    explicit Scanner(std::string_view text) : m_text(text) {}

    char peek() {
        while (m_at < m_text.size() && std::string_view(" \t\r\n").find(m_text[m_at]) != std::string_view::npos)
            ++m_at;
        return m_at < m_text.size() ? m_text[m_at] : '\0';
    }
    bool take(char c) {
        if (peek() != c)
            return false;
        ++m_at;
        return true;
    }
    /// The raw inside of a string, as far as it goes; escapes stay.
    std::optional<std::string_view> string() {
        if (!take('"'))
            return std::nullopt;
        const std::size_t begin = m_at;
        while (m_at < m_text.size() && m_text[m_at] != '"')
            m_at += m_text[m_at] == '\\' ? 2 : 1;
        const std::size_t end = std::min(m_at, m_text.size());
        m_at = std::min(m_at + 1, m_text.size());
        return m_text.substr(begin, end - begin);
    }
    JsonMember member() {
        JsonMember found;
        const char first = peek();
        if (first == '"') {
            const std::size_t back = m_at;
            found = {JsonKind::Text, std::string(string()->substr(0, kTextBytes))};
            m_at = back;
        } else if (first == '{') {
            found.kind = JsonKind::Object;
        } else if (first == '[') {
            const std::size_t back = m_at++;
            const char inside = peek();
            found.kind = inside == ']'   ? JsonKind::EmptyList
                         : inside == '"' ? JsonKind::TextList
                         : inside == '[' ? JsonKind::ListList
                         : inside == '{' ? JsonKind::ObjectList
                                         : JsonKind::OtherList;
            m_at = back;
        }
        skip();
        return found;
    }
    bool atEnd() { return peek() == '\0'; }

private:
    void skip() {
        int depth = 0;
        do {
            const char c = peek();
            if (c == '"') {
                string();
                continue;
            }
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            if (depth < 0 || c == '\0')
                return;
            if (depth == 0 && c == ',')
                return;
            ++m_at;
        } while (depth > 0 || (peek() != ',' && peek() != '}' && peek() != ']' && !atEnd()));
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

bool isRole(std::string_view name) {
    return std::ranges::any_of(importRoles(), [&](const ImportRole& role) { return name == role.id; });
}

class ShapedReader final : public RecordReader {
public:
    ShapedReader(std::unique_ptr<Utf8Stream> stream, bool isLines, JsonShape shape)
        : m_shape(std::move(shape)),
          m_elements((isLines ? lineElements : documentElements)(
              std::move(stream), [this](std::string_view json, Record& record) { fill(json, record); })) {}

    const std::vector<std::string>& columns() const override { return m_cells.columns(); }
    std::int64_t bytesRead() const override { return m_elements->bytesRead(); }
    bool grows() const override { return true; }
    Result<bool> next(Record& record) override { return m_elements->next(record); }

private:
    void fill(std::string_view json, Record& record) {
        m_cells.begin(record);
        const auto value = parseJson(json, "value");
        auto done = value ? m_shape(*value, m_cells) : Result<>();
        if (value && done) {
            m_cells.end(record);
            return;
        }
        record.error = value ? done.error().message : value.error().message;
        record.cells.assign(1, rowBeginning(json));
    }

    JsonShape m_shape;
    Cells m_cells;
    std::unique_ptr<JsonElements> m_elements;
};

}  // namespace

std::vector<JsonMembers> firstObjects(std::string_view head) {
    Scanner scanner(head);
    scanner.take('[');
    std::vector<JsonMembers> objects;
    while (objects.size() < kObjects && scanner.take('{')) {
        JsonMembers members;
        while (!scanner.atEnd() && !scanner.take('}')) {
            const auto key = scanner.string();
            if (!key || !scanner.take(':'))
                return objects;
            members.emplace(*key, scanner.member());
            scanner.take(',');
        }
        objects.push_back(std::move(members));
        scanner.take(',');
    }
    return objects;
}

int sniffShape(std::string_view head, bool (*fits)(const JsonMembers&)) {
    auto objects = firstObjects(head);
    // The last may be cut off before what it is known by.
    if (objects.size() > 1)
        objects.pop_back();
    return !objects.empty() && std::ranges::all_of(objects, fits) ? 99 : 0;
}

ImporterEntry shapedImporter(std::string id, std::string title, std::vector<std::string> extensions,
                             bool (*fits)(const JsonMembers&), JsonShape shape) {
    return {
        .id = std::move(id),
        .title = std::move(title),
        .extensions = std::move(extensions),
        .namesRoles = true,
        .sniff = [fits](const std::filesystem::path&, std::string_view head) { return sniffShape(head, fits); },
        .detect = [](std::string_view, ImportOptions&) {},
        .open = [shape = std::move(shape)](const std::filesystem::path& path,
                                           const ImportOptions& options) { return openShaped(path, options, shape); }};
}

bool has(const JsonMembers& members, std::string_view key) {
    return members.find(key) != members.end();
}

bool has(const JsonMembers& members, std::string_view key, JsonKind kind) {
    const auto found = members.find(key);
    return found != members.end() && found->second.kind == kind;
}

void Cells::begin(Record& record) {
    record.error.clear();
    record.cells.assign(m_columns.size(), {});
    m_record = &record;
}

void Cells::put(const std::string& column, std::string text) {
    auto found = m_index.find(column);
    if (found == m_index.end()) {
        if (m_columns.size() >= kMaxColumns)
            return remark(fmt::format("more than {} different keys in the file", kMaxColumns));
        found = m_index.emplace(column, m_columns.size()).first;
        m_columns.push_back(column);
    }
    if (m_record->cells.size() <= found->second)
        m_record->cells.resize(found->second + 1);
    m_record->cells[found->second] = std::move(text);
}

void Cells::put(const std::string& column, const Json& value) {
    if (value.is_string())
        put(column, value.get<std::string>());
    else if (!value.is_null())
        put(column, toLine(value));
}

void Cells::putRest(const Json& object, std::span<const std::string_view> known, std::string_view prefix) {
    if (!object.is_object())
        return;
    for (const auto& [key, value] : object.items())
        if (std::ranges::find(known, key) == known.end() && !value.is_null())
            put(isRole(key) ? std::string(prefix) + key : key, value);
}

void Cells::remark(std::string_view what) {
    if (!m_record->remark.empty())
        m_record->remark += "; ";
    m_record->remark += what;
}

Result<std::unique_ptr<RecordReader>> openShaped(const std::filesystem::path& path, const ImportOptions& options,
                                                 JsonShape shape) {
    bool isLines = false;
    {
        LATHE_TRY(auto stream, Utf8Stream::open(path, options.encoding));
        std::string head;
        LATHE_CHECK(stream->read(head));
        const JsonScores scores = sniffJson(path, head);
        isLines = scores.lines > scores.list;
    }
    LATHE_TRY(auto stream, Utf8Stream::open(path, options.encoding));
    return withKnownColumns(std::make_unique<ShapedReader>(std::move(stream), isLines, std::move(shape)));
}

Result<std::optional<std::string>> textMember(const Json& object, std::string_view key) {
    const auto found = object.find(std::string(key));
    if (found == object.end() || found->is_null())
        return std::optional<std::string>();
    if (!found->is_string())
        return fail(ErrorCode::InvalidInput, fmt::format("\"{}\" is no text: {}", key, clipUtf8(toLine(*found), 80)));
    return std::optional(found->get<std::string>());
}

void putLabels(Cells& cells, const std::vector<std::string>& names, bool isSet) {
    if (names.size() == 1 && !isSet)
        cells.put("label", names.front());
    else if (!names.empty() || isSet)
        cells.put("labels", toLine(Json(names)));
}

}  // namespace lathe::corpus::detail
