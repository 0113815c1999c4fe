// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the search index is made of: every three neighbouring characters of a text, without case.
//
// SQLite's own trigram tokenizer finds nothing shorter than three characters, and most Chinese words have two. Here the
// last two characters of a text are tokens too (of two characters and of one), so that every run of one or two
// characters begins some token, and a search by the token's beginning finds it.
#pragma once

#include <SQLiteCpp/Database.h>

#include <string>
#include <string_view>

namespace lathe::corpus::detail {

inline constexpr const char* kSearchTokenizer = "lathe_trigrams";
/// A needle of at most so many characters is found by the index alone; one that is longer has to be looked for in what
/// the index found.
inline constexpr std::size_t kExactCharacters = 3;

/// Makes the tokenizer known to a connection; needed before a table that uses it is touched.
/// \throws SQLite::Exception when SQLite was built without FTS5.
void registerSearchTokenizer(SQLite::Database& database);

/// The FTS5 query for a folded, not empty needle: all of its trigrams, or the beginning of one.
std::string searchQuery(std::string_view folded);

}  // namespace lathe::corpus::detail
