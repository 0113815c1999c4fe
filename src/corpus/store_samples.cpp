// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Samples coming and going: sources, batches of an import, removal, and what undoes an import that did not finish.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <unordered_map>

#include "core/files.h"
#include "core/hash.h"
#include "core/log.h"
#include "core/utf8.h"
#include "corpus/detail/import_mark.h"
#include "corpus/detail/sqlite_store.h"

namespace lathe::corpus::detail {
namespace {

constexpr std::string_view kInsertSample =
    "INSERT INTO samples(text, metadata, source, line, content) VALUES(?, ?, ?, ?, ?)";
constexpr std::string_view kInsertState =
    "INSERT INTO sample_state(sample, split, length, hash, label, labelled, label_origin, label_ms, label_annotation,"
    " answer_annotation, content_hash, comment_annotation, skipped, flagged)"
    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

Result<> checkUtf8(const NewSample& sample, const std::string& content) {
    for (const std::string* text :
         {&sample.text, &sample.label, &sample.answer, &sample.metadata, &sample.annotator, &sample.comment, &content})
        if (const auto at = firstInvalidUtf8(*text); at != std::string::npos)
            return fail(ErrorCode::InvalidInput,
                        fmt::format("line {}: not valid UTF-8 at byte {}; convert the text first", sample.line, at));
    return {};
}

/// The labelling with the labels' ids, in the one form that the database has. \p idOf makes what is not there.
template <class IdOf>
Result<Labelling> labellingOf(const NewSample& sample, const NewLabelling& given, const IdOf& idOf) {
    Labelling labelling{.labels = {}, .rating = given.rating, .spans = {}, .preferred = given.preferred};
    const auto refused = [&sample](const std::string& why) {
        return fail(ErrorCode::InvalidInput, fmt::format("line {}: {}", sample.line, why));
    };
    if (given.labels) {
        labelling.labels.emplace();
        for (const std::string& name : *given.labels) {
            LATHE_TRY(const LabelId id, idOf(name));
            labelling.labels->push_back(id);
        }
    }
    if (given.spans) {
        labelling.spans.emplace();
        const auto length = static_cast<std::int64_t>(countCodePoints(sample.text));
        for (const auto& span : *given.spans) {
            if (span.begin < 0 || span.end <= span.begin || span.end > length)
                return refused(
                    fmt::format("{} to {} is no part of a text of {} characters", span.begin, span.end, length));
            LATHE_TRY(const LabelId id, idOf(span.label));
            labelling.spans->push_back({span.begin, span.end, id});
        }
    }
    if (given.preferred && *given.preferred >= static_cast<int>(sample.content.candidates.size()))
        return refused(fmt::format("candidate {} is preferred, but there are {}", *given.preferred,
                                   sample.content.candidates.size()));
    if (given.turns) {
        labelling.turns.emplace();
        for (const auto& turn : *given.turns) {
            if (turn.turn < 0 || turn.turn >= static_cast<std::int64_t>(sample.content.turns.size()))
                return refused(
                    fmt::format("turn {} is labelled, but there are {}", turn.turn, sample.content.turns.size()));
            LATHE_TRY(const LabelId id, idOf(turn.label));
            labelling.turns->push_back({turn.turn, id});
        }
    }
    return labellingFrom(toValue(std::move(labelling)));
}

template <class IdOf>
Result<NewRow> opinionOf(const NewSample& sample, const NewOpinion& opinion, const IdOf& idOf) {
    if (opinion.annotator.empty())
        return fail(ErrorCode::InvalidInput, fmt::format("line {}: an opinion needs its annotator", sample.line));
    LATHE_CHECK(checkText("annotator's name", opinion.annotator));
    NewRow row;
    row.holds = false;
    row.annotation.origin = Origin::Import;
    row.annotation.annotator = opinion.annotator;
    if (!opinion.label.empty()) {
        LATHE_TRY(row.annotation.label, idOf(opinion.label));
    }
    LATHE_TRY(Labelling labelling, labellingOf(sample, opinion.labelling, idOf));
    row.annotation.value = toValue(std::move(labelling));
    return row;
}

}  // namespace

Result<SourceId> SqliteStore::addSource(const Source& source) {
    return written("add a source to", [&]() -> Result<SourceId> {
        m_sql("INSERT INTO sources(path, format, encoding, imported_ms) VALUES(?, ?, ?, ?)")
            .bind(sanitizeUtf8(source.path), source.format, source.encoding,
                  source.importedMs == 0 ? nowMs() : source.importedMs)
            .run();
        return lastId();
    });
}

Tally SqliteStore::insertSample(SourceId source, const NewSample& sample, std::optional<LabelId> label,
                                const Labelling& labelling, std::int64_t timeMs) {
    const std::string content = contentValue(sample.content);
    m_sql(kInsertSample).bind(sample.text, sample.metadata, source, sample.line, content).run();
    NewRow row;
    row.annotation.sample = lastId();
    row.annotation.origin = Origin::Import;
    row.annotation.timeMs = timeMs;
    const auto insert = [&](AnnotationKind kind, const std::string& value) -> std::optional<AnnotationId> {
        row.annotation.kind = kind;
        row.annotation.value = value;
        return value.empty() && !row.annotation.label ? std::nullopt : std::optional(insertAnnotation(row));
    };
    row.annotation.label = label;
    row.annotation.annotator = sample.annotator;
    const auto labelRow = insert(AnnotationKind::Label, toValue(labelling));
    const bool labelled = labelRow.has_value();
    Annotation opinion = row.annotation;
    row.annotation.label.reset();
    const auto answerRow = insert(AnnotationKind::Answer, sample.answer);
    const auto commentRow = insert(AnnotationKind::Comment, sample.comment);
    insert(AnnotationKind::Skip, sample.skipped ? "1" : "");
    insert(AnnotationKind::Flag, sample.flagged ? "1" : "");
    const SampleId id = row.annotation.sample;
    m_sql(kInsertState)
        .bind(id, static_cast<int>(sample.split), static_cast<std::int64_t>(countCodePoints(sample.text)),
              static_cast<std::int64_t>(hash64(sample.text)), label, labelled,
              labelled ? static_cast<int>(Origin::Import) : 0, labelled ? timeMs : std::int64_t{0}, labelRow, answerRow,
              content.empty() ? std::int64_t{0} : static_cast<std::int64_t>(hash64(content)), commentRow,
              sample.skipped, sample.flagged)
        .run();
    if (!labelling.isEmpty())
        putLabels(id, labelling);
    if (labelRow)
        keepOpinion(opinion, *labelRow);
    return tallyOf({sample.split, labelled, answerRow.has_value(), sample.skipped, sample.flagged});
}

Result<> SqliteStore::addSamples(SourceId source, std::span<const NewSample> batch) {
    return written("add samples to", [&]() -> Result<> {
        {
            auto known = m_sql("SELECT 1 FROM sources WHERE id = ? AND withdrawn = 0");
            if (!known.bind(source).step())
                return fail(ErrorCode::NotFound, fmt::format("source {} is not in the project", source));
        }
        std::unordered_map<std::string, LabelId> labelIds;
        {
            LATHE_TRY(const auto present, labels());
            for (const Label& label : present)
                labelIds.emplace(label.name, label.id);
        }
        const auto idOf = [&](const std::string& name) -> Result<LabelId> {
            auto found = labelIds.find(name);
            if (found == labelIds.end()) {
                Label made;
                made.name = name;
                LATHE_TRY(const LabelId id, insertLabel(made));
                found = labelIds.emplace(name, id).first;
            }
            return found->second;
        };
        std::map<LabelId, std::int64_t> labelCounts;
        Tally change;
        const std::int64_t time = nowMs();
        for (const NewSample& sample : batch) {
            LATHE_CHECK(checkUtf8(sample, contentValue(sample.content)));
            if (sample.split == Split::Test)
                LATHE_CHECK(touchTest("added"));
            std::optional<LabelId> label;
            if (!sample.label.empty()) {
                LATHE_TRY(label, idOf(sample.label));
            }
            LATHE_TRY(const Labelling labelling, labellingOf(sample, sample.labelling, idOf));
            std::vector<LabelId> carried = labelsIn(labelling);
            if (label && std::ranges::find(carried, *label) == carried.end())
                carried.push_back(*label);
            for (const LabelId id : carried)
                ++labelCounts[id];
            change += insertSample(source, sample, label, labelling, time);
            if (sample.opinions.empty())
                continue;
            const auto id = m_database->execAndGet("SELECT max(id) FROM samples").getInt64();
            for (const NewOpinion& opinion : sample.opinions) {
                LATHE_TRY(NewRow row, opinionOf(sample, opinion, idOf));
                row.annotation.sample = id;
                row.annotation.timeMs = time;
                LATHE_CHECK(append(row));
            }
        }
        addTally(change);
        for (const auto& [label, count] : labelCounts)
            addLabelCount(label, count);
        m_sql("UPDATE sources SET samples = samples + ? WHERE id = ?").bind(change.samples, source).run();
        return {};
    });
}

void SqliteStore::dropState(SampleId id) {
    const auto state = stateOf(id);
    if (!state)
        return;
    Tally change;
    change -= tallyOf(*state);
    addTally(change);
    for (const LabelId label : labelsOf(id))
        addLabelCount(label, -1);
    m_sql("DELETE FROM state_labels WHERE sample = ?").bind(id).run();
    m_sql("DELETE FROM opinions WHERE sample = ?").bind(id).run();
    m_sql("DELETE FROM sample_state WHERE sample = ?").bind(id).run();
    m_sql("UPDATE sources SET samples = samples - 1 WHERE id = (SELECT source FROM samples WHERE id = ?)")
        .bind(id)
        .run();
}

Result<> SqliteStore::removeSamples(std::span<const SampleId> ids) {
    return written("remove samples from", [&]() -> Result<> {
        for (const SampleId id : ids)
            LATHE_CHECK(removeInside(id, std::nullopt));
        return {};
    });
}

Result<> SqliteStore::withdraw(SourceId id) {
    if (m_sql("UPDATE sources SET withdrawn = 1 WHERE id = ?").bind(id).run() == 0)
        return fail(ErrorCode::NotFound, fmt::format("source {} is not in the project", id));
    Tally change;
    std::map<LabelId, std::int64_t> labelCounts;
    {
        auto rows = m_sql(
            "SELECT st.split, st.labelled, st.answer_annotation IS NOT NULL, st.skipped, st.flagged FROM samples s"
            " CROSS JOIN sample_state st ON st.sample = s.id WHERE s.source = ?");
        rows.bind(id);
        while (rows.step()) {
            change -= tallyOf({static_cast<Split>(rows.integer(0)), rows.integer(1) != 0, rows.integer(2) != 0,
                               rows.integer(3) != 0, rows.integer(4) != 0});
        }
    }
    {
        auto rows = m_sql(
            "SELECT label, count(*) FROM (SELECT st.sample, st.label FROM samples s JOIN sample_state st ON st.sample ="
            " s.id WHERE s.source = ?1 AND st.label IS NOT NULL UNION SELECT sl.sample, sl.label FROM samples s JOIN"
            " state_labels sl ON sl.sample = s.id WHERE s.source = ?1) GROUP BY label");
        rows.bind(id);
        while (rows.step())
            labelCounts[rows.integer(0)] = rows.integer(1);
    }
    addTally(change);
    for (const auto& [label, count] : labelCounts)
        addLabelCount(label, -count);
    m_sql("DELETE FROM state_labels WHERE sample IN (SELECT id FROM samples WHERE source = ?)").bind(id).run();
    m_sql("DELETE FROM opinions WHERE sample IN (SELECT id FROM samples WHERE source = ?)").bind(id).run();
    m_sql("DELETE FROM sample_state WHERE sample IN (SELECT id FROM samples WHERE source = ?)").bind(id).run();
    m_sql("UPDATE sources SET samples = 0 WHERE id = ?").bind(id).run();
    // What somebody worked on, or what a snapshot holds, is kept as removed; the rest goes for good.
    m_sql("UPDATE samples SET removed = 1 WHERE source = ?").bind(id).run();
    m_sql("CREATE TEMP TABLE IF NOT EXISTS kept(sample INTEGER PRIMARY KEY)").run();
    m_sql("DELETE FROM temp.kept").run();
    m_sql(
        "INSERT OR IGNORE INTO temp.kept SELECT sample FROM snapshot_items WHERE sample IN"
        " (SELECT id FROM samples WHERE source = ?)")
        .bind(id)
        .run();
    m_sql(
        "INSERT OR IGNORE INTO temp.kept SELECT a.sample FROM samples s JOIN annotations a ON a.sample = s.id"
        " WHERE s.source = ? AND a.origin <> 3")
        .bind(id)
        .run();
    m_sql(
        "DELETE FROM annotations WHERE sample IN (SELECT id FROM samples WHERE source = ?)"
        " AND sample NOT IN (SELECT sample FROM temp.kept)")
        .bind(id)
        .run();
    m_sql("DELETE FROM removals WHERE sample IN (SELECT id FROM samples WHERE source = ?)").bind(id).run();
    m_sql("DELETE FROM samples WHERE source = ? AND id NOT IN (SELECT sample FROM temp.kept)").bind(id).run();
    m_sql("DELETE FROM sources WHERE id = ? AND NOT EXISTS (SELECT 1 FROM samples WHERE source = sources.id)")
        .bind(id)
        .run();
    return {};
}

Result<> SqliteStore::removeSource(SourceId id) {
    return written("take an import out of", [&]() -> Result<> {
        LATHE_CHECK(withdraw(id));
        m_sql("DELETE FROM settings WHERE key = ?").bind(unfinishedImportKey(id)).run();
        return {};
    });
}

Result<> SqliteStore::removeUnfinishedImports() {
    std::vector<std::pair<std::string, std::string>> marks;
    LATHE_CHECK(guarded("read", [&]() -> Result<> {
        // '/' follows '.' in ASCII: the range holds every key with the prefix.
        auto rows =
            m_sql("SELECT key, value FROM settings WHERE key >= 'import.unfinished.' AND key < 'import.unfinished/'");
        while (rows.step())
            marks.emplace_back(rows.text(0), rows.text(1));
        return {};
    }));
    for (const auto& [key, value] : marks) {
        SourceId source = 0;
        std::from_chars(key.data() + kUnfinishedPrefix.size(), key.data() + key.size(), source);
        logWarning("corpus", "the import of source {} had not ended; it is taken out of {}", source, m_file.string());
        LATHE_CHECK(undoImport(*this, source, importMarkLabels(value)));
    }
    return {};
}

}  // namespace lathe::corpus::detail
