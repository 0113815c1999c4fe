// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// An SQLite file of somebody else, read and never touched: no byte of it or beside it is written, its schema is not
// trusted, and a query may do nothing but read.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"
#include "corpus/detail/unpack.h"

namespace lathe::corpus::detail {

class ForeignDatabase {
public:
    /// A database with a write-ahead log or a journal beside it is read from a private copy, so that what has not been
    /// written back yet is seen too. \returns Parse (damaged), Io, InvalidInput.
    static Result<std::unique_ptr<ForeignDatabase>> open(const std::filesystem::path& file);
    explicit ForeignDatabase(sqlite3* database, std::filesystem::path file, std::shared_ptr<ScratchFolder> copy);
    ForeignDatabase(const ForeignDatabase&) = delete;
    ForeignDatabase& operator=(const ForeignDatabase&) = delete;
    ~ForeignDatabase();

    /// Tables and views in the order in which they were made, without SQLite's own.
    Result<std::vector<std::string>> tables();
    Result<std::vector<std::string>> columnsOf(const std::string& table);
    /// The largest row number of a table; 0 when it has none.
    std::int64_t lastRow(const std::string& table);

    /// One statement that only reads. \returns InvalidInput with SQLite's words.
    Result<> prepare(const std::string& sql);
    const std::vector<std::string>& columns() const { return m_columns; }
    /// \returns false at the end. Parse (damaged), InvalidInput (an error in the query), Canceled.
    Result<bool> step();
    sqlite3_stmt* row() const { return m_statement; }

    void stopWhen(std::function<bool()> stop) { m_stop = std::move(stop); }
    static std::string selectAll(const std::string& table);

private:
    Error error(const std::string& what) const;
    Result<std::vector<std::string>> firstColumn(const std::string& sql);
    void finish();
    static int onProgress(void* self);
    static int onAuthorize(void* self, int action, const char* a, const char* b, const char* c, const char* d);

    std::shared_ptr<ScratchFolder> m_copy;  // goes after the connection
    std::filesystem::path m_file;
    sqlite3* m_database;
    sqlite3_stmt* m_statement = nullptr;
    std::vector<std::string> m_columns;
    std::function<bool()> m_stop;
    std::chrono::steady_clock::time_point m_stepBegan;
    bool m_tookTooLong = false, m_stopped = false;
};

}  // namespace lathe::corpus::detail
