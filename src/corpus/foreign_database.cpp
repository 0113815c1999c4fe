// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/foreign_database.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "core/utf8.h"

namespace lathe::corpus::detail {
namespace fs = std::filesystem;
namespace {

constexpr int kCheckEvery = 100'000;           ///< of SQLite's own steps: some milliseconds
constexpr std::chrono::seconds kPatience{20};  ///< for one row, where nobody can press stop
constexpr int kMaxValueBytes = 256 << 20;      ///< a longer text or blob is not even loaded
constexpr std::array kBeside{"-wal", "-journal"};

std::string quoted(const std::string& name) {
    std::string out = "\"";
    for (const char c : name)
        out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + '"';
}

// A path as SQLite's URI: what has a meaning there is written as %XX.
std::string uriOf(const fs::path& file) {
    std::string uri = "file:";
    for (const char c : fs::absolute(file).string()) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
                           c == '.' || c == '-' || c == '_';
        uri += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return uri;
}

Result<std::shared_ptr<ScratchFolder>> copyWithLog(const fs::path& file) {
    std::shared_ptr<ScratchFolder> folder;
    std::error_code code;
    for (const char* const ending : kBeside) {
        const fs::path beside = file.string() + ending;
        if (!fs::is_regular_file(beside, code) || fs::file_size(beside, code) == 0)
            continue;
        if (!folder) {
            LATHE_TRY(folder, sharedScratch());
        }
        fs::copy_file(beside, folder->path() / (std::string("copy.db") + ending), code);
        if (code)
            return fail(ErrorCode::Io, fmt::format("cannot copy {} to read it: {}", beside.string(), code.message()));
    }
    if (folder) {
        fs::copy_file(file, folder->path() / "copy.db", code);
        if (code)
            return fail(ErrorCode::Io, fmt::format("cannot copy {} to read it with its log: {}; free some space",
                                                   file.string(), code.message()));
    }
    return folder;
}

}  // namespace

Result<std::unique_ptr<ForeignDatabase>> ForeignDatabase::open(const fs::path& file) {
    LATHE_TRY(auto copy, copyWithLog(file));
    // Immutable: no lock is taken and no file is made beside it. The copy may be repaired from its log.
    const std::string uri = copy ? uriOf(copy->path() / "copy.db") : uriOf(file) + "?immutable=1";
    const int access = copy ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    sqlite3* opened = nullptr;
    const int code = ::sqlite3_open_v2(uri.c_str(), &opened, access | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr);
    auto database = std::make_unique<ForeignDatabase>(opened, file, std::move(copy));
    if (code != SQLITE_OK)
        return fail(database->error("cannot be opened"));
    ::sqlite3_extended_result_codes(opened, 1);
    for (const auto& [option, value] :
         {std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1}, std::pair{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
          std::pair{SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, std::pair{SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0}})
        ::sqlite3_db_config(opened, option, value, nullptr);
    ::sqlite3_limit(opened, SQLITE_LIMIT_LENGTH, kMaxValueBytes);
    ::sqlite3_limit(opened, SQLITE_LIMIT_ATTACHED, 0);
    ::sqlite3_exec(opened, "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA temp_store = FILE", nullptr,
                   nullptr, nullptr);
    ::sqlite3_progress_handler(opened, kCheckEvery, onProgress, database.get());
    ::sqlite3_set_authorizer(opened, onAuthorize, database.get());
    return database;
}

ForeignDatabase::ForeignDatabase(sqlite3* database, fs::path file, std::shared_ptr<ScratchFolder> copy)
    : m_copy(std::move(copy)), m_file(std::move(file)), m_database(database) {
}

ForeignDatabase::~ForeignDatabase() {
    finish();
    ::sqlite3_close(m_database);
}

void ForeignDatabase::finish() {
    ::sqlite3_finalize(m_statement);
    m_statement = nullptr;
}

int ForeignDatabase::onProgress(void* self) {
    auto& database = *static_cast<ForeignDatabase*>(self);
    if (database.m_stop)
        database.m_stopped = database.m_stop();
    else
        database.m_tookTooLong = std::chrono::steady_clock::now() - database.m_stepBegan > kPatience;
    return database.m_stopped || database.m_tookTooLong ? 1 : 0;
}

// Reading is allowed, and nothing else: no writing, no other files, no settings.
int ForeignDatabase::onAuthorize(void*, int action, const char*, const char* name, const char*, const char*) {
    if (action == SQLITE_FUNCTION)
        return name && std::string_view(name) == "load_extension" ? SQLITE_DENY : SQLITE_OK;
    return action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_RECURSIVE ? SQLITE_OK : SQLITE_DENY;
}

Error ForeignDatabase::error(const std::string& what) const {
    const std::string name = m_file.filename().string();
    const char* const words = m_database ? ::sqlite3_errmsg(m_database) : "out of memory";
    const int code = m_database ? ::sqlite3_extended_errcode(m_database) : SQLITE_NOMEM;
    const std::string detail = fmt::format("SQLite {}: {}", code, words);
    if (m_stopped)
        return {ErrorCode::Canceled, "the import was stopped; the project is as before", detail};
    if (m_tookTooLong)
        return {ErrorCode::InvalidInput,
                fmt::format("{}: no row came within {} seconds; choose a table, or a query that needs less", name,
                            kPatience.count()),
                detail};
    switch (code & 0xFF) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return {ErrorCode::Parse,
                    fmt::format("the database {} is damaged: {}; restore it from a backup", name, words), detail};
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
            return {ErrorCode::Io, fmt::format("the database {} cannot be read: {}; check the disk", name, words),
                    detail};
        case SQLITE_NOMEM:
            return {ErrorCode::OutOfMemory, fmt::format("not enough memory to read {}", name), detail};
        case SQLITE_AUTH:
            return {
                ErrorCode::InvalidInput,
                fmt::format("{}: a query may only read, with SELECT; this one does something else ({})", name, words),
                detail};
        default:
            return {ErrorCode::InvalidInput, fmt::format("{} {}: {}", name, what, words), detail};
    }
}

std::string ForeignDatabase::selectAll(const std::string& table) {
    return "SELECT * FROM " + quoted(table);
}

Result<> ForeignDatabase::prepare(const std::string& sql) {
    finish();
    m_columns.clear();
    m_stepBegan = std::chrono::steady_clock::now();
    const char* rest = nullptr;
    if (::sqlite3_prepare_v2(m_database, sql.c_str(), static_cast<int>(sql.size()) + 1, &m_statement, &rest) !=
        SQLITE_OK)
        return fail(error("cannot run the query"));
    if (!m_statement)
        return fail(ErrorCode::InvalidInput, "the query is empty; write a SELECT");
    sqlite3_stmt* second = nullptr;
    const bool isOne = ::sqlite3_prepare_v2(m_database, rest, -1, &second, nullptr) == SQLITE_OK && !second;
    ::sqlite3_finalize(second);
    if (!isOne)
        return fail(ErrorCode::InvalidInput, "there is something behind the query; write one SELECT alone");
    if (!::sqlite3_stmt_readonly(m_statement) || ::sqlite3_column_count(m_statement) == 0)
        return fail(ErrorCode::InvalidInput, "a query may only read; write a SELECT");
    for (int c = 0; c < ::sqlite3_column_count(m_statement); ++c) {
        const char* const name = ::sqlite3_column_name(m_statement, c);
        m_columns.push_back(sanitizeUtf8(name ? name : ""));
    }
    return {};
}

Result<bool> ForeignDatabase::step() {
    m_stepBegan = std::chrono::steady_clock::now();
    const int code = ::sqlite3_step(m_statement);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    return fail(error("cannot be read further"));
}

Result<std::vector<std::string>> ForeignDatabase::firstColumn(const std::string& sql) {
    std::vector<std::string> values;
    LATHE_CHECK(prepare(sql));
    for (;;) {
        LATHE_TRY(const bool any, step());
        if (!any)
            break;
        const auto* text = ::sqlite3_column_text(m_statement, 0);
        values.emplace_back(text ? reinterpret_cast<const char*>(text) : "");
    }
    finish();
    return values;
}

Result<std::vector<std::string>> ForeignDatabase::tables() {
    return firstColumn(
        "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' "
        "ESCAPE '\\' AND typeof(name) = 'text' ORDER BY rowid");
}

Result<std::vector<std::string>> ForeignDatabase::columnsOf(const std::string& table) {
    LATHE_CHECK(prepare(selectAll(table)));
    return m_columns;
}

std::int64_t ForeignDatabase::lastRow(const std::string& table) {
    // Views and tables without row numbers have none.
    const auto last = firstColumn("SELECT max(rowid) FROM " + quoted(table));
    return last && !last->empty() ? std::strtoll(last->front().c_str(), nullptr, 10) : 0;
}

}  // namespace lathe::corpus::detail
