// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the store answers: counts, lists, samples.
#include <algorithm>
#include <ctime>
#include <unordered_map>

#include "core/hash.h"
#include "core/json.h"
#include "corpus/detail/named_labelling.h"
#include "corpus/detail/sqlite_store.h"
#include "corpus/detail/text_search.h"

namespace lathe::corpus::detail {
namespace {

std::int64_t localMidnightMs() {
    std::time_t now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    local.tm_hour = local.tm_min = local.tm_sec = 0;
    local.tm_isdst = -1;
    return static_cast<std::int64_t>(std::mktime(&local)) * 1000;
}

Result<std::vector<std::string>> textsFrom(const std::string& value) {
    std::vector<std::string> texts;
    if (value == "[]")
        return texts;
    LATHE_TRY(const Json json, parseJson(value, "a label's examples"));
    for (const Json& each : json)
        if (each.is_string())
            texts.push_back(each.get<std::string>());
    return texts;
}

constexpr std::string_view kSampleSql =
    "SELECT s.id, s.text, s.metadata, s.source, s.line, st.split, st.hash, st.label, st.label_origin, st.skipped,"
    " st.flagged, a.value, c.value, l.value, t.value, s.content FROM samples s JOIN sample_state st ON st.sample = s.id"
    " LEFT JOIN annotations a ON a.id = st.answer_annotation LEFT JOIN annotations c ON c.id = st.comment_annotation"
    " LEFT JOIN annotations l ON l.id = st.label_annotation LEFT JOIN annotations t ON t.id = st.text_annotation"
    " WHERE s.id = ?";

}  // namespace

Annotation annotationFrom(const Query& row) {
    Annotation annotation;
    annotation.id = row.integer(0);
    annotation.sample = row.integer(1);
    annotation.kind = static_cast<AnnotationKind>(row.integer(2));
    annotation.label = row.maybe(3);
    annotation.value = row.text(4);
    annotation.origin = static_cast<Origin>(row.integer(5));
    annotation.annotator = row.text(6);
    annotation.timeMs = row.integer(7);
    annotation.undoes = row.maybe(8);
    annotation.role = static_cast<AnnotationRole>(row.integer(9));
    annotation.note = row.text(10);
    annotation.blind = row.integer(11) != 0;
    annotation.step = row.maybe(12);
    return annotation;
}

Result<Counts> SqliteStore::counts() {
    return guarded("count the samples of", [&]() -> Result<Counts> {
        Counts counts;
        {
            auto row =
                m_sql("SELECT samples, labelled, unlabelled, answered, skipped, flagged, train, dev, test FROM tally");
            if (!row.step())
                return fail(ErrorCode::Parse, m_file.string() + ": its counts are missing; restore it from a backup");
            counts.samples = row.integer(0);
            counts.labelled = row.integer(1);
            counts.unlabelled = row.integer(2);
            counts.answered = row.integer(3);
            counts.skipped = row.integer(4);
            counts.flagged = row.integer(5);
            counts.train = row.integer(6);
            counts.dev = row.integer(7);
            counts.test = row.integer(8);
        }
        auto today =
            m_sql("SELECT count(*) FROM sample_state WHERE labelled = 1 AND label_origin = 0 AND label_ms >= ?");
        today.bind(localMidnightMs()).step();
        counts.labelledToday = today.integer(0);
        return counts;
    });
}

Result<std::vector<Label>> SqliteStore::labels() {
    return guarded("read the labels of", [&]() -> Result<std::vector<Label>> {
        auto rows = m_sql(
            "SELECT id, name, color, key, guideline, count, parent, examples, counter_examples FROM labels"
            " WHERE removed = 0 ORDER BY id");
        std::vector<Label> labels;
        while (rows.step()) {
            Label label{rows.integer(0), rows.text(1), rows.text(2),
                        rows.text(3),    rows.text(4), rows.integer(5),
                        rows.maybe(6),   {},           {}};
            LATHE_TRY(label.examples, textsFrom(rows.text(7)));
            LATHE_TRY(label.counterExamples, textsFrom(rows.text(8)));
            labels.push_back(std::move(label));
        }
        return labels;
    });
}

Result<std::vector<Source>> SqliteStore::sources() {
    return guarded("read the sources of", [&]() -> Result<std::vector<Source>> {
        auto rows = m_sql(
            "SELECT id, path, format, encoding, imported_ms, samples FROM sources WHERE withdrawn = 0 ORDER BY id");
        std::vector<Source> sources;
        while (rows.step())
            sources.push_back(
                {rows.integer(0), rows.text(1), rows.text(2), rows.text(3), rows.integer(4), rows.integer(5)});
        return sources;
    });
}

Result<std::vector<std::int64_t>> SqliteStore::column(const char* sql) {
    return guarded("look at the samples of", [&]() -> Result<std::vector<std::int64_t>> {
        std::vector<std::int64_t> values;
        auto rows = m_sql(sql);
        while (rows.step())
            values.push_back(rows.integer(0));
        return values;
    });
}

Result<std::vector<std::int64_t>> SqliteStore::lengths() {
    return column("SELECT length FROM sample_state");
}

Result<std::vector<std::int64_t>> SqliteStore::labelTimes() {
    return column("SELECT label_ms FROM sample_state WHERE labelled = 1 AND label_ms > 0");
}

Result<Sample> SqliteStore::readSample(Query& row) {
    Sample sample;
    sample.id = row.integer(0);
    sample.text = row.text(1);
    sample.metadata = row.text(2);
    sample.source = row.integer(3);
    sample.line = row.integer(4);
    sample.split = static_cast<Split>(row.integer(5));
    sample.hash = static_cast<std::uint64_t>(row.integer(6));
    sample.label = row.maybe(7);
    sample.labelOrigin = static_cast<Origin>(row.integer(8));
    sample.skipped = row.integer(9) != 0;
    sample.flagged = row.integer(10) != 0;
    sample.answer = row.text(11);
    sample.comment = row.text(12);
    if (!row.isNull(13)) {
        LATHE_TRY(sample.labelling, labellingFrom(row.text(13)));
    }
    if (!row.isNull(14)) {
        sample.originalText = std::exchange(sample.text, row.text(14));
        sample.hash = hash64(sample.text);
    }
    LATHE_TRY(sample.content, contentFrom(row.text(15)));
    return sample;
}

Result<Sample> SqliteStore::sample(SampleId id) {
    return guarded("read a sample of", [&]() -> Result<Sample> {
        auto row = m_sql(kSampleSql);
        if (!row.bind(id).step())
            return fail(ErrorCode::NotFound, "sample " + std::to_string(id) + " is not in the project (any more)");
        return readSample(row);
    });
}

Result<std::vector<Sample>> SqliteStore::samples(std::span<const SampleId> ids) {
    return guarded("read samples of", [&]() -> Result<std::vector<Sample>> {
        std::vector<Sample> samples;
        samples.reserve(ids.size());
        for (const SampleId id : ids) {
            auto row = m_sql(kSampleSql);
            if (!row.bind(id).step())
                continue;
            LATHE_TRY(Sample sample, readSample(row));
            samples.push_back(std::move(sample));
        }
        return samples;
    });
}

Result<std::vector<Annotation>> SqliteStore::history(SampleId id) {
    return guarded("read the history of a sample of", [&]() -> Result<std::vector<Annotation>> {
        auto rows = m_sql(
            "SELECT id, sample, kind, label, value, origin, annotator, time_ms, undoes, role, note, blind, step FROM"
            " annotations WHERE sample = ? ORDER BY id");
        rows.bind(id);
        std::vector<Annotation> history;
        while (rows.step())
            history.push_back(annotationFrom(rows));
        return history;
    });
}

Result<std::string> SqliteStore::guideline() {
    return guarded("read the guideline of", [&]() -> Result<std::string> {
        auto row = m_sql("SELECT markdown FROM guideline ORDER BY id DESC LIMIT 1");
        return row.step() ? row.text(0) : std::string();
    });
}

Result<std::string> SqliteStore::setting(const std::string& key) {
    return guarded("read a setting of", [&]() -> Result<std::string> {
        auto row = m_sql("SELECT value FROM settings WHERE key = ?");
        return row.bind(key).step() ? row.text(0) : std::string();
    });
}

Result<std::vector<Run>> SqliteStore::runs() {
    return guarded("read the runs of", [&]() -> Result<std::vector<Run>> {
        auto rows = m_sql(
            "SELECT id, created_ms, snapshot, status, config, summary FROM runs ORDER BY created_ms DESC, id DESC");
        std::vector<Run> runs;
        while (rows.step())
            runs.push_back(
                {rows.text(0), rows.integer(1), rows.maybe(2).value_or(0), rows.text(3), rows.text(4), rows.text(5)});
        return runs;
    });
}

Result<std::vector<ChatTurn>> SqliteStore::chat(std::int64_t limit) {
    return guarded("read the chat of", [&]() -> Result<std::vector<ChatTurn>> {
        auto rows = m_sql("SELECT id, time_ms, model, role, text FROM chat ORDER BY id DESC LIMIT ?");
        rows.bind(std::max<std::int64_t>(limit, 0));
        std::vector<ChatTurn> turns;
        while (rows.step())
            turns.push_back({rows.integer(0), rows.integer(1), rows.text(2), rows.text(3), rows.text(4)});
        std::ranges::reverse(turns);
        return turns;
    });
}

Result<std::vector<Fingerprint>> SqliteStore::fingerprints() {
    return guarded("read", [&]() -> Result<std::vector<Fingerprint>> {
        auto rows = m_sql(
            "SELECT st.hash, st.label, a.value, l.value, st.content_hash, t.value FROM sample_state st"
            " LEFT JOIN annotations a ON a.id = st.answer_annotation LEFT JOIN annotations l ON l.id ="
            " st.label_annotation AND l.value <> '' LEFT JOIN annotations t ON t.id = st.text_annotation");
        std::unordered_map<LabelId, std::string> names;
        {
            auto labels = m_sql("SELECT id, name FROM labels");
            while (labels.step())
                names.emplace(labels.integer(0), labels.text(1));
        }
        std::vector<Fingerprint> prints;
        while (rows.step()) {
            const std::string answer = rows.isNull(2) ? std::string() : rows.text(2);
            Fingerprint print{static_cast<std::uint64_t>(rows.integer(0)), rows.maybe(1).value_or(0),
                              answerHash(answer)};
            if (!rows.isNull(3)) {
                LATHE_TRY(const Labelling labelling, labellingFrom(rows.text(3)));
                print.labelling = labellingHash(named(labelling, [&](LabelId id) { return names[id]; }));
            }
            print.content = static_cast<std::uint64_t>(rows.integer(4));
            prints.push_back(print);
            if (!rows.isNull(5)) {
                print.text = hash64(rows.text(5));
                prints.push_back(print);
            }
        }
        // Where somebody labelled or answered since, also what the import said: its file is known again by that.
        auto imported = m_sql(
            "SELECT w.sample, st.hash, st.content_hash, a.kind, a.label, a.value FROM (SELECT DISTINCT sample FROM"
            " annotations WHERE origin <> 3 AND kind IN (0, 1)) w JOIN sample_state st ON st.sample = w.sample LEFT "
            "JOIN"
            " annotations a ON a.sample = w.sample AND a.origin = 3 AND a.kind IN (0, 1) AND a.holds = 1"
            " ORDER BY w.sample, a.id");
        SampleId sample = 0;
        while (imported.step()) {
            if (imported.integer(0) != sample) {
                sample = imported.integer(0);
                prints.push_back({.text = static_cast<std::uint64_t>(imported.integer(1)),
                                  .content = static_cast<std::uint64_t>(imported.integer(2))});
            }
            Fingerprint& print = prints.back();
            if (imported.isNull(3))
                continue;
            if (imported.integer(3) == static_cast<int>(AnnotationKind::Answer)) {
                print.answer = answerHash(imported.text(5));
                continue;
            }
            print.label = imported.maybe(4).value_or(0);
            LATHE_TRY(const Labelling labelling, labellingFrom(imported.text(5)));
            print.labelling = labellingHash(named(labelling, [&](LabelId id) { return names[id]; }));
        }
        return prints;
    });
}

}  // namespace lathe::corpus::detail
