// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Opening a connection, for writing and for reading, and the counts that are kept as sums.
#include <fmt/format.h>
#include <sqlite3.h>
#include <SQLiteCpp/Backup.h>
#include <sys/stat.h>

#include "core/files.h"
#include "core/log.h"
#include "core/scratch_folder.h"
#include "corpus/detail/schema.h"
#include "corpus/detail/sqlite_store.h"

namespace lathe::corpus::detail {
namespace fs = std::filesystem;
namespace {

constexpr int kBusyTimeoutMs = 10'000;

// Every connection. trusted_schema and cell_size_check: a project may come from somebody else.
constexpr const char* kPragmas =
    "PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON; PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768;";
// Writers. secure_delete, which Debian switches on, would rewrite freed pages for nothing: nothing secret is deleted.
constexpr const char* kWritePragmas =
    "PRAGMA synchronous = FULL; PRAGMA secure_delete = OFF; PRAGMA wal_autocheckpoint = 4000;"
    "PRAGMA journal_size_limit = 67108864;";

using Database = std::unique_ptr<SQLite::Database>;

// A database of the program's own with the content of another; SQLite deletes its file by itself.
Database privateCopy(SQLite::Database& original) {
    auto copy = std::make_unique<SQLite::Database>("", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, kBusyTimeoutMs);
    SQLite::Backup backup(*copy, original);
    backup.executeStep(-1);
    return copy;
}

std::string immutableUri(const fs::path& file) {
    std::string uri = "file:";
    for (const char c : fs::absolute(file).string()) {
        if (c == '%' || c == '?' || c == '#')
            uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        else
            uri += c;
    }
    return uri + "?immutable=1";
}

// In a read-only folder SQLite cannot make its shared memory file. Nobody can write there either, so the file is read
// as it lies; when a write-ahead log was left beside it, both are copied to where the log can be worked in.
Database openWithoutSharedMemory(const fs::path& file) {
    auto log = file;
    log += "-wal";
    std::error_code code;
    if (!fs::exists(log, code) || fs::file_size(log, code) == 0)
        return std::make_unique<SQLite::Database>(immutableUri(file), SQLite::OPEN_READONLY | SQLite::OPEN_URI,
                                                  kBusyTimeoutMs);
    const auto scratch = ScratchFolder::make("read");
    if (!scratch)
        throw SQLite::Exception("no temporary folder for reading the project", SQLITE_CANTOPEN);
    const fs::path copy = scratch->path() / "project.db";
    if (!fs::copy_file(file, copy, code) || !fs::copy_file(log, copy.string() + "-wal", code))
        throw SQLite::Exception("no space to copy the project for reading", SQLITE_FULL);
    SQLite::Database opened(copy.string(), SQLite::OPEN_READWRITE, kBusyTimeoutMs);
    return privateCopy(opened);
}

Database openPlainReader(const fs::path& file) {
    try {
        auto database = std::make_unique<SQLite::Database>(file.string(), SQLite::OPEN_READONLY, kBusyTimeoutMs);
        (void)database->execAndGet("SELECT count(*) FROM sqlite_master");  // the first read is what may fail
        return database;
    } catch (const SQLite::Exception& exception) {
        const int code = exception.getErrorCode() & 0xFF;
        if (code != SQLITE_CANTOPEN && code != SQLITE_READONLY && code != SQLITE_IOERR)
            throw;
        return openWithoutSharedMemory(file);
    }
}

Result<Database> openReader(const fs::path& file) {
    auto database = openPlainReader(file);
    LATHE_TRY(const int version, schemaVersion(*database, file));
    if (version == 0)
        return fail(ErrorCode::Parse, fmt::format("{} is empty; it is not a Lathe project", file.string()));
    if (version < newestSchemaVersion())
        database = privateCopy(*database);
    LATHE_CHECK(migrate(*database, file));
    database->exec(kPragmas);
    database->exec("PRAGMA query_only = ON");
    return database;
}

Result<Database> openWriter(const fs::path& file) {
    auto database =
        std::make_unique<SQLite::Database>(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, kBusyTimeoutMs);
    LATHE_CHECK(schemaVersion(*database, file));  // before the journal mode is set: that writes, and it may not be ours
    database->exec(kPragmas);
    database->exec(kWritePragmas);
    if (const auto mode = database->execAndGet("PRAGMA journal_mode = WAL").getString(); mode != "wal")
        logWarning("corpus", "{}: no write-ahead log on this disk (journal mode {}); saving will be slower",
                   file.string(), mode);
    LATHE_CHECK(migrate(*database, file));
    return database;
}

}  // namespace

FileIdentity FileIdentity::of(const fs::path& file) {
    struct stat found {};
    if (::stat(file.c_str(), &found) != 0)
        return {};
    return {static_cast<std::uint64_t>(found.st_dev), static_cast<std::uint64_t>(found.st_ino)};
}

SqliteStore::SqliteStore(std::unique_ptr<SQLite::Database> database, fs::path file, Access access)
    : m_file(std::move(file)),
      m_access(access),
      m_identity(FileIdentity::of(m_file)),
      m_database(std::move(database)),
      m_sql(*m_database) {
}

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const fs::path& file, Access access) {
    return guardSql("open", file, [&]() -> Result<std::unique_ptr<SqliteStore>> {
        LATHE_TRY(auto database, access == Access::Write ? openWriter(file) : openReader(file));
        return std::make_unique<SqliteStore>(std::move(database), file, access);
    });
}

Result<> SqliteStore::checkStillThere(std::string_view what) {
    if (FileIdentity::of(m_file) == m_identity)
        return {};
    return fail(
        ErrorCode::Io,
        fmt::format("cannot {} {}: the project is not there any more; the disk was taken out, or the folder was "
                    "moved or deleted. Nothing was saved. Bring it back, then try again",
                    what, m_file.string()));
}

Result<> SqliteStore::checkFormat(const fs::path& file) {
    auto log = file;
    log += "-wal";
    std::error_code code;
    const bool asItLies = !fs::exists(log, code) || fs::file_size(log, code) == 0;
    try {
        SQLite::Database probe(asItLies ? immutableUri(file) : file.string(), SQLite::OPEN_READONLY | SQLite::OPEN_URI,
                               kBusyTimeoutMs);
        const auto version = schemaVersion(probe, file);
        if (version && *version > newestSchemaVersion())
            return migrate(probe, file);  // says why not; writes nothing
    } catch (const SQLite::Exception& exception) {
        logDebug("corpus", "looking at {}: {}", file.string(), exception.what());  // opening it will say what is wrong
    }
    return {};
}

Tally& Tally::operator+=(const Tally& other) {
    samples += other.samples;
    labelled += other.labelled;
    unlabelled += other.unlabelled;
    answered += other.answered;
    skipped += other.skipped;
    flagged += other.flagged;
    train += other.train;
    dev += other.dev;
    test += other.test;
    return *this;
}

Tally& Tally::operator-=(const Tally& other) {
    samples -= other.samples;
    labelled -= other.labelled;
    unlabelled -= other.unlabelled;
    answered -= other.answered;
    skipped -= other.skipped;
    flagged -= other.flagged;
    train -= other.train;
    dev -= other.dev;
    test -= other.test;
    return *this;
}

Tally tallyOf(const StateRow& state) {
    Tally tally;
    tally.samples = 1;
    tally.labelled = state.labelled ? 1 : 0;
    tally.unlabelled = !state.labelled && !state.answered && !state.skipped ? 1 : 0;
    tally.answered = state.answered ? 1 : 0;
    tally.skipped = state.skipped && !state.labelled ? 1 : 0;
    tally.flagged = state.flagged ? 1 : 0;
    tally.train = state.split == Split::Train ? 1 : 0;
    tally.dev = state.split == Split::Dev ? 1 : 0;
    tally.test = state.split == Split::Test ? 1 : 0;
    return tally;
}

std::optional<StateRow> SqliteStore::stateOf(SampleId id) {
    auto row = m_sql(
        "SELECT split, labelled, answer_annotation IS NOT NULL, skipped, flagged FROM sample_state WHERE sample = ?");
    if (!row.bind(id).step())
        return std::nullopt;
    return StateRow{static_cast<Split>(row.integer(0)), row.integer(1) != 0, row.integer(2) != 0, row.integer(3) != 0,
                    row.integer(4) != 0};
}

std::set<LabelId> SqliteStore::labelsOf(SampleId id) {
    auto rows = m_sql(
        "SELECT label FROM sample_state WHERE sample = ? AND label IS NOT NULL UNION SELECT label FROM state_labels"
        " WHERE sample = ?");
    rows.bind(id, id);
    std::set<LabelId> labels;
    while (rows.step())
        labels.insert(rows.integer(0));
    return labels;
}

void SqliteStore::putLabels(SampleId id, const Labelling& labelling) {
    m_sql("DELETE FROM state_labels WHERE sample = ?").bind(id).run();
    for (const LabelId label : labelsIn(labelling))
        m_sql("INSERT INTO state_labels VALUES(?, ?)").bind(id, label).run();
}

void SqliteStore::addTally(const Tally& change) {
    if (change == Tally{})
        return;
    m_sql(
        "UPDATE tally SET samples = samples + ?, labelled = labelled + ?, unlabelled = unlabelled + ?,"
        " answered = answered + ?, skipped = skipped + ?, flagged = flagged + ?, train = train + ?, dev = dev + ?,"
        " test = test + ? WHERE id = 1")
        .bind(change.samples, change.labelled, change.unlabelled, change.answered, change.skipped, change.flagged,
              change.train, change.dev, change.test)
        .run();
}

void SqliteStore::addLabelCount(LabelId label, std::int64_t change) {
    m_sql("UPDATE labels SET count = count + ? WHERE id = ?").bind(change, label).run();
}

Result<Tally> SqliteStore::recount() {
    return guarded("count", [&]() -> Result<Tally> {
        auto rows = m_sql("SELECT split, labelled, answer_annotation IS NOT NULL, skipped, flagged FROM sample_state");
        Tally sum;
        while (rows.step())
            sum += tallyOf({static_cast<Split>(rows.integer(0)), rows.integer(1) != 0, rows.integer(2) != 0,
                            rows.integer(3) != 0, rows.integer(4) != 0});
        return sum;
    });
}

}  // namespace lathe::corpus::detail
