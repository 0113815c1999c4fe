// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/schema.h"

#include <fmt/format.h>
#include <SQLiteCpp/SQLiteCpp.h>

#include <array>

#include "core/files.h"
#include "corpus/detail/sql.h"

namespace lathe::corpus::detail {
namespace {

// Numbers in the columns are the enums of types.h: split 0 none, 1 train, 2 dev, 3 test; kind 0 label, 1 answer,
// 2 skip, 3 flag, 4 comment, 5 text; origin 0 human, 1 rule, 2 model, 3 import; role 0 opinion, 1 decision.
//
// samples holds what never changes, sample_state the newest state in narrow rows, so that filters and counts do not
// walk over texts. A removed sample keeps its row (old snapshots need its text) and loses its state.
// Annotations go only with the whole source that brought them, when its import was cancelled (sources.withdrawn).
constexpr const char* kBase = R"sql(
CREATE TABLE sources(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL, format TEXT NOT NULL, encoding TEXT NOT NULL,
    imported_ms INTEGER NOT NULL,
    samples INTEGER NOT NULL DEFAULT 0,
    withdrawn INTEGER NOT NULL DEFAULT 0);

CREATE TABLE labels(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL CHECK(name <> ''), color TEXT NOT NULL, key TEXT NOT NULL, guideline TEXT NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX labels_name ON labels(name) WHERE removed = 0;
CREATE UNIQUE INDEX labels_key ON labels(key) WHERE removed = 0 AND key <> '';

CREATE TABLE samples(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    text TEXT NOT NULL, metadata TEXT NOT NULL,
    source INTEGER NOT NULL REFERENCES sources(id), line INTEGER NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0);
CREATE INDEX samples_source ON samples(source);

CREATE TABLE annotations(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sample INTEGER NOT NULL REFERENCES samples(id),
    kind INTEGER NOT NULL CHECK(kind BETWEEN 0 AND 4),
    label INTEGER REFERENCES labels(id), value TEXT NOT NULL,
    origin INTEGER NOT NULL CHECK(origin BETWEEN 0 AND 3),
    annotator TEXT NOT NULL, time_ms INTEGER NOT NULL,
    undoes INTEGER REFERENCES annotations(id));
CREATE INDEX annotations_sample ON annotations(sample);
CREATE INDEX annotations_undoes ON annotations(undoes) WHERE undoes IS NOT NULL;

CREATE TABLE sample_state(
    sample INTEGER PRIMARY KEY REFERENCES samples(id),
    split INTEGER NOT NULL, length INTEGER NOT NULL, hash INTEGER NOT NULL,
    label INTEGER REFERENCES labels(id), label_origin INTEGER NOT NULL DEFAULT 0,
    label_ms INTEGER NOT NULL DEFAULT 0, label_annotation INTEGER,
    answer_annotation INTEGER, comment_annotation INTEGER,
    skipped INTEGER NOT NULL DEFAULT 0, flagged INTEGER NOT NULL DEFAULT 0);
CREATE INDEX state_label ON sample_state(label) WHERE label IS NOT NULL;
CREATE INDEX state_open ON sample_state(sample) WHERE label IS NULL AND answer_annotation IS NULL AND skipped = 0;
CREATE INDEX state_answered ON sample_state(sample) WHERE answer_annotation IS NOT NULL;
CREATE INDEX state_skipped ON sample_state(sample) WHERE skipped = 1;
CREATE INDEX state_flagged ON sample_state(sample) WHERE flagged = 1;
CREATE INDEX state_human ON sample_state(label_ms) WHERE label IS NOT NULL AND label_origin = 0;

CREATE TABLE snapshots(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    created_ms INTEGER NOT NULL, hash TEXT NOT NULL, samples INTEGER NOT NULL,
    note TEXT NOT NULL, request TEXT NOT NULL);
CREATE TABLE snapshot_items(
    snapshot INTEGER NOT NULL REFERENCES snapshots(id),
    position INTEGER NOT NULL, sample INTEGER NOT NULL, split INTEGER NOT NULL,
    label INTEGER REFERENCES labels(id), label_annotation INTEGER, answer_annotation INTEGER,
    PRIMARY KEY(snapshot, position)) WITHOUT ROWID;

CREATE TABLE runs(
    id TEXT PRIMARY KEY NOT NULL, created_ms INTEGER NOT NULL,
    snapshot INTEGER REFERENCES snapshots(id),
    status TEXT NOT NULL, config TEXT NOT NULL, summary TEXT NOT NULL);
CREATE TABLE settings(key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE guideline(id INTEGER PRIMARY KEY AUTOINCREMENT, time_ms INTEGER NOT NULL, markdown TEXT NOT NULL);

CREATE TRIGGER annotations_no_update BEFORE UPDATE ON annotations
BEGIN SELECT RAISE(ABORT, 'annotations are append-only'); END;
CREATE TRIGGER annotations_no_delete BEFORE DELETE ON annotations
WHEN OLD.origin <> 3 OR NOT EXISTS (
    SELECT 1 FROM samples JOIN sources ON sources.id = samples.source
    WHERE samples.id = OLD.sample AND sources.withdrawn = 1)
BEGIN SELECT RAISE(ABORT, 'annotations are append-only'); END;
CREATE TRIGGER samples_no_change BEFORE UPDATE OF id, text, metadata, source, line ON samples
BEGIN SELECT RAISE(ABORT, 'a sample stays as it was imported'); END;
CREATE TRIGGER samples_no_delete BEFORE DELETE ON samples
WHEN NOT EXISTS (SELECT 1 FROM sources WHERE id = OLD.source AND withdrawn = 1)
BEGIN SELECT RAISE(ABORT, 'samples are removed by their flag'); END;
CREATE TRIGGER snapshots_no_update BEFORE UPDATE ON snapshots
BEGIN SELECT RAISE(ABORT, 'snapshots are immutable'); END;
CREATE TRIGGER snapshots_no_delete BEFORE DELETE ON snapshots
BEGIN SELECT RAISE(ABORT, 'snapshots are immutable'); END;
CREATE TRIGGER items_no_update BEFORE UPDATE ON snapshot_items
BEGIN SELECT RAISE(ABORT, 'snapshots are immutable'); END;
CREATE TRIGGER items_no_delete BEFORE DELETE ON snapshot_items
BEGIN SELECT RAISE(ABORT, 'snapshots are immutable'); END;
)sql";

constexpr const char* kChat = R"sql(
CREATE TABLE chat(
    id INTEGER PRIMARY KEY AUTOINCREMENT, time_ms INTEGER NOT NULL,
    model TEXT NOT NULL, role TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE feedback(
    id INTEGER PRIMARY KEY AUTOINCREMENT, time_ms INTEGER NOT NULL,
    chat INTEGER NOT NULL REFERENCES chat(id), verdict TEXT NOT NULL, correction TEXT NOT NULL);
CREATE INDEX feedback_chat ON feedback(chat);
)sql";

// The counts that the window shows after every key press, kept by the store as sums so that no press counts rows.
constexpr const char* kTally = R"sql(
ALTER TABLE labels ADD COLUMN count INTEGER NOT NULL DEFAULT 0;
UPDATE labels SET count = (SELECT count(*) FROM sample_state WHERE sample_state.label = labels.id);
CREATE TABLE tally(
    id INTEGER PRIMARY KEY CHECK(id = 1),
    samples INTEGER NOT NULL, labelled INTEGER NOT NULL, unlabelled INTEGER NOT NULL, answered INTEGER NOT NULL,
    skipped INTEGER NOT NULL, flagged INTEGER NOT NULL,
    train INTEGER NOT NULL, dev INTEGER NOT NULL, test INTEGER NOT NULL);
INSERT INTO tally SELECT 1, count(*), total(label IS NOT NULL),
    total(label IS NULL AND answer_annotation IS NULL AND skipped = 0), total(answer_annotation IS NOT NULL),
    total(skipped = 1 AND label IS NULL), total(flagged), total(split = 1), total(split = 2), total(split = 3)
    FROM sample_state;
)sql";

// Labels beside a single one: what a Label row's value says, kept here as far as filters and counts need it.
constexpr const char* kLabelling = R"sql(
ALTER TABLE sample_state ADD COLUMN labelled INTEGER NOT NULL DEFAULT 0;
UPDATE sample_state SET labelled = 1 WHERE label IS NOT NULL;
DROP INDEX state_open;
CREATE INDEX state_open ON sample_state(sample) WHERE labelled = 0 AND answer_annotation IS NULL AND skipped = 0;
DROP INDEX state_human;
CREATE INDEX state_human ON sample_state(label_ms) WHERE labelled = 1 AND label_origin = 0;
CREATE TABLE state_labels(
    sample INTEGER NOT NULL REFERENCES samples(id), label INTEGER NOT NULL REFERENCES labels(id),
    PRIMARY KEY(sample, label)) WITHOUT ROWID;
CREATE INDEX state_labels_label ON state_labels(label);
)sql";

// Conversations and comparisons, label hierarchy, edited texts, several annotators, steps to undo.
// annotations: blind, and holds = whether the row set the sample's present state when it was written (a blind repeat,
// an opinion that is not the present labelling, an older row that a merge brought do not); step = the first row of the
// step where that is another one; merged = the merge that brought it.
// opinions: each annotator's newest Label row that was not undone. A row that another one undoes is out of force, and
// so is the row that undoes; undoing that one again puts its own statement into force.
// sample_state.hash is of the imported text and content_hash of the imported content: they tell an import what is
// there. The widened CHECK changes no stored row, so the table's text is all that changes (SQLite documents this way:
// lang_altertable, "Making Other Kinds Of Table Schema Changes"); copying a million rows would take seconds.
constexpr const char* kPeople = R"sql(
ALTER TABLE samples ADD COLUMN content TEXT NOT NULL DEFAULT '';
DROP TRIGGER samples_no_change;
CREATE TRIGGER samples_no_change BEFORE UPDATE OF id, text, metadata, source, line, content ON samples
BEGIN SELECT RAISE(ABORT, 'a sample stays as it was imported'); END;

ALTER TABLE labels ADD COLUMN parent INTEGER REFERENCES labels(id);
ALTER TABLE labels ADD COLUMN examples TEXT NOT NULL DEFAULT '[]';
ALTER TABLE labels ADD COLUMN counter_examples TEXT NOT NULL DEFAULT '[]';

CREATE TABLE merges(
    id INTEGER PRIMARY KEY AUTOINCREMENT, time_ms INTEGER NOT NULL,
    path TEXT NOT NULL, report TEXT NOT NULL DEFAULT '');
ALTER TABLE annotations ADD COLUMN role INTEGER NOT NULL DEFAULT 0;
ALTER TABLE annotations ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE annotations ADD COLUMN blind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE annotations ADD COLUMN holds INTEGER NOT NULL DEFAULT 1;
ALTER TABLE annotations ADD COLUMN step INTEGER;
ALTER TABLE annotations ADD COLUMN merged INTEGER REFERENCES merges(id);
CREATE INDEX annotations_step ON annotations(step) WHERE step IS NOT NULL;
CREATE INDEX annotations_done ON annotations(id) 
    WHERE undoes IS NULL AND origin <> 3 AND merged IS NULL AND step IS NULL;

ALTER TABLE sample_state ADD COLUMN text_annotation INTEGER;
ALTER TABLE sample_state ADD COLUMN content_hash INTEGER NOT NULL DEFAULT 0;
CREATE INDEX state_edited ON sample_state(sample) WHERE text_annotation IS NOT NULL;
ALTER TABLE snapshot_items ADD COLUMN text_annotation INTEGER;

CREATE TABLE opinions(
    sample INTEGER NOT NULL REFERENCES samples(id), annotator TEXT NOT NULL, blind INTEGER NOT NULL,
    annotation INTEGER NOT NULL,
    PRIMARY KEY(sample, annotator, blind)) WITHOUT ROWID;
CREATE INDEX opinions_annotator ON opinions(annotator);
WITH RECURSIVE again(id, undone) AS (
    SELECT u.id, 1 FROM annotations u JOIN annotations first ON first.id = u.undoes
        WHERE u.undoes IS NOT NULL AND first.undoes IS NULL
    UNION ALL
    SELECT u.id, 1 - again.undone FROM again JOIN annotations u ON u.undoes = again.id AND u.undoes IS NOT NULL)
INSERT INTO opinions SELECT sample, annotator, 0, id FROM (
    SELECT sample, annotator, max(id) AS id, label, value FROM annotations
    WHERE kind = 0 AND (origin = 0 OR origin = 3 AND annotator <> '')
        AND id NOT IN (SELECT id FROM again WHERE undone = 1)
        AND id NOT IN (SELECT undoes FROM annotations WHERE undoes IS NOT NULL)
        AND sample IN (SELECT sample FROM sample_state)
    GROUP BY sample, annotator)
    WHERE label IS NOT NULL OR value NOT IN ('', '{}');

PRAGMA writable_schema = ON;
UPDATE sqlite_master SET sql = replace(sql, 'kind BETWEEN 0 AND 4', 'kind BETWEEN 0 AND 5')
    WHERE type = 'table' AND name = 'annotations';
PRAGMA writable_schema = RESET;
)sql";

// Cleanings and splits. removals: what a removed sample's rows do not say, so that it can come back; cleaning = the one
// that removed it. cleanings.step: the first annotation row of its changes. split_log: what was done to the splits and,
// while it is frozen, to the test split.
constexpr const char* kCleaning = R"sql(
CREATE TABLE cleanings(
    id INTEGER PRIMARY KEY AUTOINCREMENT, time_ms INTEGER NOT NULL, who TEXT NOT NULL,
    kind TEXT NOT NULL, recipe TEXT NOT NULL, counts TEXT NOT NULL DEFAULT '',
    changed INTEGER NOT NULL DEFAULT 0, removed INTEGER NOT NULL DEFAULT 0,
    step INTEGER REFERENCES annotations(id), finished INTEGER NOT NULL DEFAULT 0, undone_ms INTEGER);
CREATE INDEX cleanings_step ON cleanings(step) WHERE step IS NOT NULL;
CREATE TABLE cleaning_masks(
    cleaning INTEGER NOT NULL REFERENCES cleanings(id), sample INTEGER NOT NULL REFERENCES samples(id),
    masked TEXT NOT NULL,
    PRIMARY KEY(cleaning, sample)) WITHOUT ROWID;
CREATE TABLE removals(
    sample INTEGER PRIMARY KEY REFERENCES samples(id), time_ms INTEGER NOT NULL,
    split INTEGER NOT NULL, label_ms INTEGER NOT NULL, cleaning INTEGER REFERENCES cleanings(id));
CREATE INDEX removals_cleaning ON removals(cleaning) WHERE cleaning IS NOT NULL;
CREATE TABLE split_log(
    id INTEGER PRIMARY KEY AUTOINCREMENT, time_ms INTEGER NOT NULL, who TEXT NOT NULL,
    action TEXT NOT NULL, samples INTEGER NOT NULL, reason TEXT NOT NULL);
)sql";

// Samples that are no longer found. The search index knows texts that are gone by now; this is how a search learns it
// without walking over all the samples that are not.
constexpr const char* kGone = R"sql(
CREATE TABLE gone(sample INTEGER PRIMARY KEY);
INSERT INTO gone SELECT id FROM samples WHERE removed = 1;
CREATE TRIGGER state_gone AFTER DELETE ON sample_state
BEGIN INSERT OR IGNORE INTO gone VALUES(OLD.sample); END;
)sql";

// What models say of the texts, the newest of each model: for filters by score and by disagreement, and rules' labels.
constexpr const char* kScores = R"sql(
CREATE TABLE scores(
    sample INTEGER NOT NULL REFERENCES samples(id) ON DELETE CASCADE, model TEXT NOT NULL,
    label INTEGER NOT NULL REFERENCES labels(id), probability REAL NOT NULL, margin REAL NOT NULL,
    PRIMARY KEY(sample, model)) WITHOUT ROWID;
)sql";

constexpr std::array kMigrations{
    Migration{1, "samples, labels, annotations, snapshots, runs", kBase},
    Migration{2, "chat and feedback", kChat},
    Migration{3, "counts kept as sums", kTally},
    Migration{4, "several labels, ratings, labelled parts", kLabelling},
    Migration{5, "conversations, comparisons, label hierarchy, edited texts, annotators, steps", kPeople},
    Migration{6, "cleanings, removed texts that can come back, a frozen test split", kCleaning},
    Migration{7, "samples that are gone", kGone},
    Migration{8, "scores of models", kScores},
};

int pragmaInt(SQLite::Database& database, const char* sql) {
    return database.execAndGet(sql).getInt();
}

void applyStep(SQLite::Database& database, const Migration& step) {
    WriteTransaction transaction(database);
    if (step.version == 1) {
        database.exec(fmt::format("PRAGMA application_id = {}", kApplicationId));
        database.exec(
            "CREATE TABLE schema_version(id INTEGER PRIMARY KEY CHECK(id = 1), version INTEGER NOT NULL);"
            "INSERT INTO schema_version VALUES(1, 0);"
            "CREATE TABLE migrations(version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_ms INTEGER NOT NULL)");
    }
    database.exec(step.sql);
    SQLite::Statement log(database, "INSERT INTO migrations VALUES(?, ?, ?)");
    log.bind(1, step.version);
    log.bind(2, step.name);
    log.bind(3, nowMs());
    log.exec();
    database.exec(fmt::format("UPDATE schema_version SET version = {}", step.version));
    transaction.commit();
}

}  // namespace

std::span<const Migration> migrations() {
    return kMigrations;
}

int newestSchemaVersion() {
    return kMigrations.back().version;
}

Result<int> schemaVersion(SQLite::Database& database, const std::filesystem::path& file) {
    return guardSql("read", file, [&]() -> Result<int> {
        if (database.tableExists("schema_version") && pragmaInt(database, "PRAGMA application_id") == kApplicationId)
            return pragmaInt(database, "SELECT version FROM schema_version WHERE id = 1");
        if (pragmaInt(database, "SELECT count(*) FROM sqlite_master") == 0 &&
            pragmaInt(database, "PRAGMA application_id") == 0)
            return 0;
        return fail(ErrorCode::Parse,
                    fmt::format("{} is a database, but not a Lathe project's; open another folder", file.string()));
    });
}

Result<> migrate(SQLite::Database& database, const std::filesystem::path& file, int target) {
    LATHE_TRY(const int version, schemaVersion(database, file));
    if (version > newestSchemaVersion())
        return fail(ErrorCode::Unsupported,
                    fmt::format("{} was made by a newer Lathe (format {}, this one knows {}); update Lathe to open it",
                                file.string(), version, newestSchemaVersion()));
    return guardSql("update", file, [&]() -> Result<> {
        for (const Migration& step : kMigrations)
            if (step.version > version && step.version <= target)
                applyStep(database, step);
        return {};
    });
}

}  // namespace lathe::corpus::detail
