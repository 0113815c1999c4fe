// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/search_tokens.h"

#include <sqlite3.h>

#include <algorithm>
#include <new>
#include <set>

#include "core/utf8.h"
#include "corpus/detail/case_fold.h"

namespace lathe::corpus::detail {
namespace {

using OnToken = int (*)(void* context, int flags, const char* token, int bytes, int begin, int end);

constexpr std::size_t kCharacters = 3;
/// More of a long needle narrows hardly anything, and FTS5 cannot take any number.
constexpr std::size_t kAskedTokens = 24;

// The byte after the character at \p at of a text that is UTF-8.
std::size_t afterCharacter(std::string_view text, std::size_t at) {
    do
        ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
    return at;
}

/// Calls \p use with each run of three characters, and with the last two and the last one.
template <class Use>
int forEachToken(std::string_view text, Use&& use) {
    std::size_t ends[kCharacters] = {};  // of the characters from `begin` on
    std::size_t known = 0;
    for (std::size_t begin = 0; begin < text.size(); begin = ends[0], --known) {
        if (known > 0)
            std::copy(ends + 1, ends + kCharacters, ends);
        for (; known < kCharacters && (known == 0 ? begin : ends[known - 1]) < text.size(); ++known)
            ends[known] = afterCharacter(text, known == 0 ? begin : ends[known - 1]);
        if (const int code = use(text.substr(begin, ends[known - 1] - begin)); code != SQLITE_OK)
            return code;
    }
    return SQLITE_OK;
}

struct Tokenizer {
    std::string folded;
};

Tokenizer* tokenizerOf(Fts5Tokenizer* handle) {
    return reinterpret_cast<Tokenizer*>(handle);
}

int createTokenizer(void*, const char**, int, Fts5Tokenizer** made) noexcept {
    auto* tokenizer = new (std::nothrow) Tokenizer;
    *made = reinterpret_cast<Fts5Tokenizer*>(tokenizer);
    return tokenizer ? SQLITE_OK : SQLITE_NOMEM;
}

void deleteTokenizer(Fts5Tokenizer* tokenizer) noexcept {
    delete tokenizerOf(tokenizer);
}

// Called from C: no exception may leave.
int tokenize(Fts5Tokenizer* handle, void* context, int flags, const char* text, int bytes, OnToken onToken) noexcept {
    const std::string_view given(text, static_cast<std::size_t>(bytes));
    const auto token = [&](std::string_view each) {
        return onToken(context, 0, each.data(), static_cast<int>(each.size()), 0, bytes);
    };
    if ((flags & FTS5_TOKENIZE_QUERY) != 0)  // a query is made of tokens already
        return token(given);
    try {
        Tokenizer& self = *tokenizerOf(handle);
        foldCase(given, self.folded);
        return forEachToken(self.folded, token);
    } catch (const std::bad_alloc&) {
        return SQLITE_NOMEM;
    }
}

/// Null when this SQLite has none. SQLiteCpp binds no pointers.
fts5_api* fullTextSearch(sqlite3* database) {
    fts5_api* api = nullptr;
    sqlite3_stmt* query = nullptr;
    if (sqlite3_prepare_v2(database, "SELECT fts5(?1)", -1, &query, nullptr) == SQLITE_OK) {
        sqlite3_bind_pointer(query, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
        sqlite3_step(query);
    }
    sqlite3_finalize(query);
    return api;
}

std::string quoted(std::string_view token) {
    std::string text = "\"";
    for (const char c : token) {
        text += c;
        if (c == '"')
            text += c;
    }
    return text + '"';
}

}  // namespace

void registerSearchTokenizer(SQLite::Database& database) {
    fts5_api* api = fullTextSearch(database.getHandle());
    if (api == nullptr)
        throw SQLite::Exception("this SQLite has no full-text search", SQLITE_ERROR);
    fts5_tokenizer tokenizer{createTokenizer, deleteTokenizer, tokenize};
    if (const int code = api->xCreateTokenizer(api, kSearchTokenizer, nullptr, &tokenizer, nullptr); code != SQLITE_OK)
        throw SQLite::Exception("the search's tokenizer cannot be made", code);
}

std::string searchQuery(std::string_view folded) {
    if (countCodePoints(folded) < kCharacters)
        return quoted(folded) + " *";
    std::set<std::string_view> tokens;
    forEachToken(folded, [&](std::string_view token) {
        if (tokens.size() < kAskedTokens && countCodePoints(token) == kCharacters)
            tokens.insert(token);
        return SQLITE_OK;
    });
    std::string query;
    for (const std::string_view token : tokens)
        query += (query.empty() ? "" : " AND ") + quoted(token);
    return query;
}

}  // namespace lathe::corpus::detail
