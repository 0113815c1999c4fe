// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Files to rows: JSON lists, JSON lines, tables.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "core/files.h"
#include "core/utf8.h"
#include "corpus/importer.h"
#include "train/detail/dataset_rows.h"

namespace lathe::train {
namespace {

namespace fs = std::filesystem;
/// A list has to be in memory as a whole; lines come one by one.
constexpr std::uintmax_t kMaxListBytes = 4ull << 30;
constexpr std::size_t kMaxLineBytes = 64u << 20;

/// The first byte that is neither white space nor a byte order mark; 0 for a file without one.
Result<char> firstCharacter(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return fail(fs::exists(file) ? ErrorCode::Io : ErrorCode::NotFound,
                    fmt::format("{} cannot be opened; is it there, and may it be read?", file.string()));
    for (char c = 0; in.get(c);)
        if (!std::isspace(static_cast<unsigned char>(c)) && static_cast<unsigned char>(c) < 0xEF)
            return c;
        else if (static_cast<unsigned char>(c) >= 0xF0)
            return c;
        else if (static_cast<unsigned char>(c) == 0xEF)
            in.ignore(2);
    return char{0};
}

Result<> checkUtf8(std::string_view text, const std::string& where) {
    if (const std::size_t at = firstInvalidUtf8(text); at != std::string_view::npos)
        return fail(ErrorCode::Parse, fmt::format("{}: byte {} is not valid UTF-8; save the file as UTF-8", where, at));
    return {};
}

Result<> forEachItem(const fs::path& file, const std::function<Result<bool>(DatasetRow&)>& take) {
    LATHE_TRY(const std::string text, readFile(file, kMaxListBytes));
    LATHE_CHECK(checkUtf8(text, file.string()));
    LATHE_TRY(Json list, parseJson(text, file.string()));
    std::int64_t number = 0;
    for (Json& item : list) {
        ++number;
        DatasetRow row{
            .where = fmt::format("{} item {}", file.string(), number), .number = number, .object = std::move(item)};
        if (!row.object.is_object())
            return fail(ErrorCode::InvalidInput, row.where + " should be an object {...}");
        LATHE_TRY(const bool more, take(row));
        if (!more)
            return {};
    }
    return {};
}

Result<> forEachJsonLine(const fs::path& file, const std::function<Result<bool>(DatasetRow&)>& take) {
    std::ifstream in(file, std::ios::binary);
    std::string line;
    for (std::int64_t number = 1; std::getline(in, line); ++number) {
        if (number == 1 && line.starts_with("\xEF\xBB\xBF"))
            line.erase(0, 3);
        if (line.find_first_not_of(" \t\r") == std::string::npos)
            continue;
        DatasetRow row{.where = fmt::format("{} line {}", file.string(), number), .number = number, .object = {}};
        if (line.size() > kMaxLineBytes)
            return fail(ErrorCode::InvalidInput,
                        fmt::format("{} is longer than {} MiB", row.where, kMaxLineBytes >> 20));
        LATHE_CHECK(checkUtf8(line, row.where));
        LATHE_TRY(row.object, parseJson(line, row.where));
        if (!row.object.is_object())
            return fail(ErrorCode::InvalidInput, row.where + " should be an object {...}");
        LATHE_TRY(const bool more, take(row));
        if (!more)
            return {};
    }
    return in.bad() ? fail(ErrorCode::Io, fmt::format("{} cannot be read to its end", file.string())) : Result<>();
}

/// Cells under the names of their columns.
Json objectOf(const std::vector<std::string>& keys, const std::vector<std::string>& cells) {
    Json object = Json::object();
    for (std::size_t i = 0; i < std::min(keys.size(), cells.size()); ++i)
        object[keys[i]] = cells[i];
    return object;
}

/// What rows call a table's columns: their names, and where those do not say what is to be learnt from \p first, what
/// an import would take them for.
std::vector<std::string> keysOf(const std::vector<std::string>& columns, const corpus::ImportOptions& found,
                                const std::vector<std::string>& first) {
    std::vector<std::string> keys = columns;
    if (found.format == "text")
        keys.assign(columns.size(), "text");
    const auto kind = kindOfRow({.where = {}, .object = objectOf(keys, first), .isTable = true});
    if ((kind && *kind != DataKind::Text) || found.textColumn.empty() || found.format == "text")
        return keys;
    const auto rename = [&](const std::string& column, const char* key) {
        for (std::size_t i = 0; i < columns.size(); ++i)
            if (columns[i] == column && !column.empty())
                keys[i] = key;
    };
    const bool answers = found.labelColumn.empty() && !found.answerColumn.empty();
    rename(found.textColumn, answers ? "prompt" : "text");
    rename(found.labelColumn, "label");
    if (answers)
        rename(found.answerColumn, "completion");
    return keys;
}

Result<> forEachTableRow(const fs::path& file, const std::function<Result<bool>(DatasetRow&)>& take) {
    const auto registry = corpus::makeImporterRegistry();
    LATHE_TRY(const auto preview, corpus::previewFile(registry, file));
    const auto* importer = registry.find(preview.options.format);
    if (!importer || preview.options.format == "json" || preview.options.format == "jsonl")
        return fail(ErrorCode::Unsupported, fmt::format("{}: no format that is known", file.string()));
    LATHE_TRY(auto reader, corpus::openRecords(registry, file, preview.options));
    corpus::Record record;
    std::vector<std::string> keys;
    for (;;) {
        LATHE_TRY(const bool more, reader->next(record));
        if (!more)
            return {};
        const std::string where = fmt::format("{} line {}", file.string(), record.line);
        if (!record.error.empty())
            return fail(ErrorCode::Parse, fmt::format("{}: {}", where, record.error));
        if (keys.empty())
            keys = keysOf(reader->columns(), preview.options, record.cells);
        DatasetRow row{.where = where, .number = record.line, .object = objectOf(keys, record.cells), .isTable = true};
        LATHE_TRY(const bool wanted, take(row));
        if (!wanted)
            return {};
    }
}

}  // namespace

Result<> forEachRow(const fs::path& file, const std::function<Result<bool>(DatasetRow&)>& take) {
    LATHE_TRY(const char first, firstCharacter(file));
    if (first == 0)
        return fail(ErrorCode::InvalidInput, fmt::format("{} is empty", file.string()));
    if (first == '[')
        return forEachItem(file, take);
    return first == '{' ? forEachJsonLine(file, take) : forEachTableRow(file, take);
}

}  // namespace lathe::train
