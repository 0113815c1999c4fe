// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SQLite as the store uses it: prepared statements that are kept, queries that always reset themselves (a statement
// left standing would hold a read transaction and keep the write-ahead log from being emptied), exceptions as Errors.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/result.h"

namespace lathe::corpus::detail {

/// One run of a prepared statement: bind in order, step, read columns; reset and unbound when it goes.
/// Bound texts are not copied: they must live until then.
class Query {
public:
    explicit Query(SQLite::Statement& statement) : m_statement(statement) {}
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;
    ~Query();

    template <class... Values>
    Query& bind(const Values&... values) {
        (bindOne(values), ...);
        return *this;
    }
    /// \returns false when there are no more rows. \throws SQLite::Exception
    bool step() { return m_statement.executeStep(); }
    /// Runs a statement without rows, and makes it ready for the next binding. \returns rows changed.
    int run();

    bool isNull(int column) const { return m_statement.getColumn(column).isNull(); }
    std::int64_t integer(int column) const { return m_statement.getColumn(column).getInt64(); }
    double real(int column) const { return m_statement.getColumn(column).getDouble(); }
    std::string text(int column) const { return m_statement.getColumn(column).getString(); }
    std::optional<std::int64_t> maybe(int column) const;

private:
    void bindOne(std::int64_t value) { m_statement.bind(++m_bound, value); }
    void bindOne(int value) { m_statement.bind(++m_bound, value); }
    void bindOne(bool value) { m_statement.bind(++m_bound, value ? 1 : 0); }
    void bindOne(double value) { m_statement.bind(++m_bound, value); }
    void bindOne(const std::string& value) { m_statement.bindNoCopy(++m_bound, value); }
    void bindOne(const std::optional<std::int64_t>& value);

    SQLite::Statement& m_statement;
    int m_bound = 0;
};

/// The statements of one connection, prepared once. Keys are string literals: their text, not their address, counts.
class Statements {
public:
    explicit Statements(SQLite::Database& database) : m_database(database) {}
    Query operator()(std::string_view sql) { return Query(prepared(sql)); }

private:
    SQLite::Statement& prepared(std::string_view sql);

    SQLite::Database& m_database;
    std::unordered_map<std::string_view, std::unique_ptr<SQLite::Statement>> m_prepared;
};

/// \p what completes "cannot ...": "save the label in", "open". \p file is named in the message.
Error sqlError(const SQLite::Exception& exception, std::string_view what, const std::filesystem::path& file);

/// Runs \p work, which returns a Result, and turns what SQLite and the allocator throw into its Error.
template <class Work>
auto guardSql(std::string_view what, const std::filesystem::path& file, Work&& work) -> decltype(work()) {
    try {
        return work();
    } catch (const SQLite::Exception& exception) {
        return fail(sqlError(exception, what, file));
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "not enough memory to " + std::string(what) + " " + file.string() +
                                                "; close other programs and try again");
    }
}

/// BEGIN IMMEDIATE ... COMMIT, rolled back unless commit() was called. IMMEDIATE, so that waiting for another
/// connection happens at the start, where the busy timeout works, and not in the middle, where it cannot.
class WriteTransaction {
public:
    explicit WriteTransaction(SQLite::Database& database)
        : m_transaction(database, SQLite::TransactionBehavior::IMMEDIATE) {}
    void commit() { m_transaction.commit(); }

private:
    SQLite::Transaction m_transaction;
};

}  // namespace lathe::corpus::detail
