// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/search_index.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <unicode/uchar.h>

#include "core/hash.h"
#include "core/job_context.h"
#include "core/log.h"
#include "corpus/detail/search_tokens.h"

namespace lathe::corpus::detail {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kApplicationId = 0x4C415349;  // "LASI"
constexpr int kVersion = 1;
constexpr int kBusyTimeoutMs = 10'000;

/// Rows of the table are samples by their id, and from here on annotations by theirs: FTS5 wants rising ids.
constexpr std::int64_t kAnnotations = std::int64_t{1} << 60;

// Another Unicode version may fold other letters, and the needle is folded by the program that searches.
constexpr const char* kStamp = U_UNICODE_VERSION;

// hashsize: bytes of postings that are gathered in memory before a segment is written.
constexpr const char* kTables = R"sql(
CREATE VIRTUAL TABLE texts USING fts5(text, content='', columnsize=0, detail=none, tokenize='lathe_trigrams');
INSERT INTO texts(texts, rank) VALUES('hashsize', 8388608);
CREATE TABLE reach(
    id INTEGER PRIMARY KEY CHECK(id = 1), unicode TEXT NOT NULL,
    sample INTEGER NOT NULL, annotation INTEGER NOT NULL,
    proof_sample INTEGER NOT NULL, proof_hash INTEGER NOT NULL);
)sql";

std::unique_ptr<SQLite::Database> opened(const fs::path& file, int flags) {
    auto database = std::make_unique<SQLite::Database>(file.string(), flags, kBusyTimeoutMs);
    database->exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA cache_size = -16384;");
    registerSearchTokenizer(*database);
    return database;
}

bool isOurs(SQLite::Database& database) {
    return database.execAndGet("PRAGMA application_id").getInt() == kApplicationId &&
           database.execAndGet("PRAGMA user_version").getInt() == kVersion &&
           database.execAndGet("SELECT unicode FROM reach WHERE id = 1").getString() == kStamp;
}

void makeTables(SQLite::Database& database) {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    database.exec(kTables);
    database.exec(fmt::format("INSERT INTO reach VALUES(1, '{}', 0, 0, 0, 0)", kStamp));
    database.exec(fmt::format("PRAGMA application_id = {}", kApplicationId));
    database.exec(fmt::format("PRAGMA user_version = {}", kVersion));
    transaction.commit();
}

std::unique_ptr<SQLite::Database> openedOrMade(const fs::path& file) {
    auto database = opened(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    // After a power cut it may lack the last rows, and knows so; it is never torn.
    database->exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = OFF;");
    if (database->execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 0)
        makeTables(*database);
    if (!isOurs(*database))
        throw SQLite::Exception("another program's index", SQLITE_NOTADB);
    return database;
}

std::string_view viewOf(const SQLite::Column& column) {
    return {column.getText(), static_cast<std::size_t>(column.getBytes())};
}

std::int64_t lastIdOf(SQLite::Database& project, const char* table) {
    SQLite::Statement query(project, "SELECT seq FROM sqlite_sequence WHERE name = ?");
    query.bind(1, table);
    return query.executeStep() ? query.getColumn(0).getInt64() : 0;
}

}  // namespace

fs::path searchIndexFile(const fs::path& projectDatabase) {
    return projectDatabase.parent_path() / "search.db";
}

SearchIndex::SearchIndex(std::unique_ptr<SQLite::Database> database)
    : m_database(std::move(database)), m_sql(*m_database) {
}

std::unique_ptr<SearchIndex> SearchIndex::openToRead(const fs::path& file) {
    std::error_code code;
    if (!fs::exists(file, code))
        return nullptr;
    auto database = opened(file, SQLite::OPEN_READONLY);
    return isOurs(*database) ? std::make_unique<SearchIndex>(std::move(database)) : nullptr;
}

std::unique_ptr<SearchIndex> SearchIndex::openToWrite(const fs::path& file) {
    try {
        return std::make_unique<SearchIndex>(openedOrMade(file));
    } catch (const SQLite::Exception& exception) {
        const int code = exception.getErrorCode() & 0xFF;
        if (code != SQLITE_NOTADB && code != SQLITE_CORRUPT && code != SQLITE_ERROR)
            throw;
        logInfo("corpus", "{} is made anew: {}", file.string(), exception.what());
    }
    // Whoever reads the old one goes on reading it: what it has is still true.
    std::error_code code;
    for (const char* part : {"", "-wal", "-shm"})
        fs::remove(file.string() + part, code);
    return std::make_unique<SearchIndex>(openedOrMade(file));
}

IndexReach SearchIndex::storedReach() {
    auto row = m_sql("SELECT sample, annotation FROM reach WHERE id = 1");
    return row.step() ? IndexReach{row.integer(0), row.integer(1)} : IndexReach{};
}

// A project.db that was put back from a backup gives ids away again that the index knows already.
bool SearchIndex::isOf(SQLite::Database& project, const IndexReach& reach) {
    if (lastIdOf(project, "samples") < reach.sample || lastIdOf(project, "annotations") < reach.annotation)
        return false;
    auto proof = m_sql("SELECT proof_sample, proof_hash FROM reach WHERE id = 1");
    if (!proof.step())
        return false;
    SQLite::Statement sample(project, "SELECT text FROM samples WHERE id = ?");
    sample.bind(1, proof.integer(0));
    return !sample.executeStep() || static_cast<std::int64_t>(hash64(viewOf(sample.getColumn(0)))) == proof.integer(1);
}

IndexReach SearchIndex::reach(SQLite::Database& project) {
    const IndexReach stored = storedReach();
    return isOf(project, stored) ? stored : IndexReach{};
}

IndexHits SearchIndex::find(SQLite::Database& project, const std::string& needle) {
    SQLite::Transaction reading(*m_database, SQLite::TransactionBehavior::DEFERRED);
    IndexHits hits;
    hits.reach = reach(project);
    if (hits.reach.sample == 0 && hits.reach.annotation == 0)
        return hits;
    SQLite::Statement rows(*m_database, "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rowid");
    rows.bind(1, searchQuery(needle));
    while (rows.executeStep()) {
        const std::int64_t row = rows.getColumn(0).getInt64();
        if (row < kAnnotations)
            hits.samples.push_back(row);
        else
            hits.annotations.push_back(row - kAnnotations);
    }
    return hits;
}

void SearchIndex::clear() {
    m_sql("INSERT INTO texts(texts) VALUES('delete-all')").run();
    m_sql("UPDATE reach SET sample = 0, annotation = 0, proof_sample = 0, proof_hash = 0 WHERE id = 1").run();
}

bool SearchIndex::update(SQLite::Database& project, JobContext& context, std::chrono::milliseconds time) {
    const auto end = Clock::now() + time;
    WriteTransaction transaction(*m_database);
    if (!isOf(project, storedReach()))
        clear();
    IndexReach reach = storedReach();
    SQLite::Statement insert(*m_database, "INSERT INTO texts(rowid, text) VALUES(?, ?)");
    std::int64_t proof = 0;
    bool isDone = true;
    const auto index = [&](const char* sql, std::int64_t& reached, std::int64_t base) {
        SQLite::Statement rows(project, sql);
        rows.bind(1, reached);
        while (isDone && rows.executeStep()) {
            const std::string text = rows.getColumn(1).getString();
            reached = rows.getColumn(0).getInt64();
            insert.bind(1, base + reached);
            insert.bindNoCopy(2, text);
            insert.exec();
            insert.reset();
            if (base == 0)
                proof = static_cast<std::int64_t>(hash64(text));
            isDone = !context.stopRequested() && Clock::now() < end;
        }
    };
    const SampleId before = reach.sample;
    index("SELECT id, text FROM samples WHERE id > ? ORDER BY id", reach.sample, 0);
    const AnnotationId last = isDone ? lastIdOf(project, "annotations") : 0;
    if (isDone)
        index("SELECT id, value FROM annotations WHERE id > ? AND kind IN (1, 5) AND value <> '' ORDER BY id",
              reach.annotation, kAnnotations);
    if (isDone)
        reach.annotation = std::max(reach.annotation, last);
    m_sql("UPDATE reach SET sample = ?, annotation = ? WHERE id = 1").bind(reach.sample, reach.annotation).run();
    if (reach.sample > before)
        m_sql("UPDATE reach SET proof_sample = ?, proof_hash = ? WHERE id = 1").bind(reach.sample, proof).run();
    transaction.commit();
    return isDone;
}

}  // namespace lathe::corpus::detail
