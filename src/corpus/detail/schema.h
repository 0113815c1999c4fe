// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The database's shape: an ordered list of SQL steps. A step that was released is never edited; a new one is added.
#pragma once

#include <SQLiteCpp/Database.h>

#include <filesystem>
#include <span>

#include "core/result.h"

namespace lathe::corpus::detail {

/// PRAGMA application_id: tells a project's database from any other one.
inline constexpr int kApplicationId = 0x4C415448;  // "LATH"

struct Migration {
    int version;
    const char* name;
    const char* sql;
};

/// Version 1 first, without gaps.
std::span<const Migration> migrations();
int newestSchemaVersion();

/// 0 for an empty file. \returns Parse when it is some other program's database.
Result<int> schemaVersion(SQLite::Database& database, const std::filesystem::path& file);
/// Brings the database to \p target, each step in a transaction of its own.
/// \returns Unsupported when it is newer than this program knows (nothing is written then).
Result<> migrate(SQLite::Database& database, const std::filesystem::path& file, int target = newestSchemaVersion());

}  // namespace lathe::corpus::detail
