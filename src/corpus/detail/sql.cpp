// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/sql.h"

#include <fmt/format.h>
#include <sqlite3.h>

namespace lathe::corpus::detail {

Query::~Query() {
    m_statement.tryReset();
    try {
        m_statement.clearBindings();
    } catch (const SQLite::Exception&) {  // clearing bindings cannot fail on a statement that was reset
    }
}

int Query::run() {
    const int changed = m_statement.exec();
    m_statement.reset();
    m_bound = 0;
    return changed;
}

std::optional<std::int64_t> Query::maybe(int column) const {
    const auto value = m_statement.getColumn(column);
    return value.isNull() ? std::nullopt : std::optional<std::int64_t>(value.getInt64());
}

void Query::bindOne(const std::optional<std::int64_t>& value) {
    if (value)
        m_statement.bind(++m_bound, *value);
    else
        m_statement.bind(++m_bound);
}

SQLite::Statement& Statements::prepared(std::string_view sql) {
    const auto found = m_prepared.find(sql);
    if (found != m_prepared.end())
        return *found->second;
    auto statement = std::make_unique<SQLite::Statement>(m_database, std::string(sql));
    return *m_prepared.emplace(sql, std::move(statement)).first->second;
}

Error sqlError(const SQLite::Exception& exception, std::string_view what, const std::filesystem::path& file) {
    const std::string subject = fmt::format("cannot {} {}", what, file.string());
    const std::string detail =
        fmt::format("SQLite {} ({}): {}", exception.getErrorCode(), exception.getExtendedErrorCode(), exception.what());
    switch (exception.getErrorCode() & 0xFF) {
        case SQLITE_FULL:
            return {ErrorCode::Io, subject + ": the disk is full; free some space and try again", detail};
        case SQLITE_IOERR:
            return {ErrorCode::Io,
                    subject + ": reading or writing failed; check that the disk is there and has space, then try again",
                    detail};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {ErrorCode::Busy,
                    subject + ": another part of the program or another program is writing to it; try again", detail};
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return {ErrorCode::Io, subject + ": it is open for reading only, or you may not write there", detail};
        case SQLITE_CANTOPEN:
        case SQLITE_AUTH:
            return {ErrorCode::Io, subject + ": it cannot be opened; check that it exists and that you may read it",
                    detail};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return {ErrorCode::Parse, subject + ": it is damaged or not a Lathe project; restore it from a backup",
                    detail};
        case SQLITE_NOMEM:
            return {ErrorCode::OutOfMemory, subject + ": not enough memory; close other programs and try again",
                    detail};
        case SQLITE_TOOBIG:
            return {ErrorCode::InvalidInput, subject + ": a text is too long to be kept", detail};
        default:
            return {ErrorCode::Internal, fmt::format("{}: {}", subject, exception.what()), detail};
    }
}

}  // namespace lathe::corpus::detail
