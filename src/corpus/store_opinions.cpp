// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Who said what: opinions kept as rows come, disagreements, the annotators' work.
#include <algorithm>
#include <map>

#include "corpus/detail/sqlite_store.h"

namespace lathe::corpus::detail {
namespace {

// SQL of refreshOpinion() and of the step in schema.cpp says the same.
bool isOpinion(const Annotation& annotation) {
    return annotation.kind == AnnotationKind::Label && annotation.role == AnnotationRole::Opinion &&
           (annotation.origin == Origin::Human ||
            (annotation.origin == Origin::Import && !annotation.annotator.empty()));
}

bool saysNothing(const Annotation& annotation) {
    return !annotation.label && (annotation.value.empty() || annotation.value == "{}");
}

/// The work of one annotator from the times of the labels, rising.
void addSpeed(AnnotatorWork& work, const std::vector<std::int64_t>& times, std::int64_t pauseMs) {
    if (times.empty())
        return;
    work.firstMs = times.front();
    work.lastMs = times.back();
    work.sessions = 1;
    std::vector<std::int64_t> between;
    for (std::size_t i = 1; i < times.size(); ++i) {
        const std::int64_t gap = times[i] - times[i - 1];
        if (gap > pauseMs)
            ++work.sessions;
        else
            between.push_back(gap);
    }
    for (const std::int64_t gap : between)
        work.workMs += gap;
    if (between.empty())
        return;
    std::ranges::sort(between);
    const std::size_t middle = between.size() / 2;
    const auto upper = static_cast<double>(between[middle]);
    work.medianSeconds =
        (between.size() % 2 == 1 ? upper : (static_cast<double>(between[middle - 1]) + upper) / 2) / 1000.0;
}

}  // namespace

void SqliteStore::keepOpinion(const Annotation& annotation, AnnotationId id) {
    if (annotation.undoes) {
        const Annotation undone = annotationAt(*annotation.undoes);
        refreshOpinion(annotation.sample, undone.annotator, undone.blind);
        if (undone.annotator != annotation.annotator)
            refreshOpinion(annotation.sample, annotation.annotator, annotation.blind);
        return;
    }
    if (!isOpinion(annotation))
        return;
    if (saysNothing(annotation))
        m_sql("DELETE FROM opinions WHERE sample = ? AND annotator = ? AND blind = ?")
            .bind(annotation.sample, annotation.annotator, annotation.blind)
            .run();
    else
        m_sql("INSERT OR REPLACE INTO opinions(sample, annotator, blind, annotation) VALUES(?, ?, ?, ?)")
            .bind(annotation.sample, annotation.annotator, annotation.blind, id)
            .run();
}

void SqliteStore::refreshOpinion(SampleId sample, const std::string& annotator, bool blind) {
    m_sql("DELETE FROM opinions WHERE sample = ? AND annotator = ? AND blind = ?").bind(sample, annotator, blind).run();
    std::vector<AnnotationId> standing;  // not undone, newest first; what a merge brought may be older than its row
    {
        auto rows = m_sql(
            "SELECT id FROM annotations a WHERE sample = ? AND kind = 0 AND role = 0 AND annotator = ? AND blind = ?"
            " AND (origin = 0 OR origin = 3 AND annotator <> '') AND NOT EXISTS"
            " (SELECT 1 FROM annotations u WHERE u.undoes = a.id) ORDER BY time_ms DESC, id DESC");
        rows.bind(sample, annotator, blind);
        while (rows.step())
            standing.push_back(rows.integer(0));
    }
    const auto found = std::ranges::find_if(standing, [this](AnnotationId id) { return !isUndo(id); });
    if (found == standing.end() || saysNothing(annotationAt(*found)))
        return;
    m_sql("INSERT INTO opinions(sample, annotator, blind, annotation) VALUES(?, ?, ?, ?)")
        .bind(sample, annotator, blind, *found)
        .run();
}

Result<std::vector<Opinion>> SqliteStore::readOpinions(Query& rows) {
    std::vector<Opinion> opinions;
    while (rows.step()) {
        Opinion opinion{rows.integer(0), rows.text(1), rows.integer(2) != 0, rows.integer(3),
                        rows.maybe(4),   Labelling(),  rows.integer(6)};
        LATHE_TRY(opinion.labelling, labellingFrom(rows.text(5)));
        opinions.push_back(std::move(opinion));
    }
    return opinions;
}

Result<std::vector<Opinion>> SqliteStore::opinions(SampleId id) {
    return guarded("read the opinions on a sample of", [&]() -> Result<std::vector<Opinion>> {
        auto rows = m_sql(
            "SELECT o.sample, o.annotator, o.blind, o.annotation, a.label, a.value, a.time_ms FROM opinions o"
            " JOIN annotations a ON a.id = o.annotation WHERE o.sample = ? ORDER BY o.blind, o.annotator");
        rows.bind(id);
        return readOpinions(rows);
    });
}

Result<std::vector<Opinion>> SqliteStore::sharedOpinions() {
    return guarded("read the opinions of", [&]() -> Result<std::vector<Opinion>> {
        auto rows = m_sql(
            "SELECT o.sample, o.annotator, o.blind, o.annotation, a.label, a.value, a.time_ms FROM opinions o"
            " JOIN annotations a ON a.id = o.annotation WHERE o.sample IN"
            " (SELECT sample FROM opinions GROUP BY sample HAVING count(*) > 1)"
            " ORDER BY o.sample, o.blind, o.annotator");
        return readOpinions(rows);
    });
}

Result<std::vector<SampleId>> SqliteStore::disagreements() {
    return guarded("look for disagreements in", [&]() -> Result<std::vector<SampleId>> {
        auto rows = m_sql(
            "SELECT o.sample, o.annotator, o.blind, o.annotation, a.label, a.value, a.time_ms FROM opinions o"
            " JOIN annotations a ON a.id = o.annotation WHERE o.blind = 0 AND o.sample IN"
            " (SELECT sample FROM opinions WHERE blind = 0 GROUP BY sample HAVING count(*) > 1)"
            " AND NOT EXISTS (SELECT 1 FROM sample_state st JOIN annotations l ON l.id = st.label_annotation"
            " WHERE st.sample = o.sample AND l.role = 1) ORDER BY o.sample, o.annotator");
        LATHE_TRY(const std::vector<Opinion> opinions, readOpinions(rows));
        std::vector<SampleId> ids;
        for (auto begin = opinions.begin(); begin != opinions.end();) {
            const auto end =
                std::find_if(begin, opinions.end(), [&](const Opinion& each) { return each.sample != begin->sample; });
            bool differs = false;
            for (auto a = begin; a != end; ++a)
                differs = differs || std::any_of(a + 1, end, [&](const Opinion& b) { return differ(*a, b); });
            if (differs)
                ids.push_back(begin->sample);
            begin = end;
        }
        return ids;
    });
}

Result<std::vector<AnnotatorWork>> SqliteStore::annotatorWork(std::int64_t pauseMs) {
    return guarded("read the annotators' work in", [&]() -> Result<std::vector<AnnotatorWork>> {
        std::map<std::string, AnnotatorWork> all;
        {
            auto rows = m_sql("SELECT annotator, blind, count(*) FROM opinions GROUP BY annotator, blind");
            while (rows.step())
                (rows.integer(1) != 0 ? all[rows.text(0)].blindRepeats : all[rows.text(0)].samples) = rows.integer(2);
        }
        // A mark set on many samples at once is one deed, and so is an edit that moved labelled parts: first rows only.
        std::map<std::string, std::vector<std::int64_t>> times;
        {
            auto rows = m_sql(
                "SELECT annotator, time_ms, role FROM annotations WHERE kind = 0 AND origin = 0 AND undoes IS NULL AND"
                " step IS NULL ORDER BY annotator, time_ms");
            while (rows.step()) {
                const std::string annotator = rows.text(0);
                times[annotator].push_back(rows.integer(1));
                all[annotator].decisions += rows.integer(2) == static_cast<int>(AnnotationRole::Decision) ? 1 : 0;
            }
        }
        std::vector<AnnotatorWork> work;
        for (auto& [annotator, each] : all) {
            each.annotator = annotator;
            addSpeed(each, times[annotator], pauseMs);
            work.push_back(std::move(each));
        }
        return work;
    });
}

}  // namespace lathe::corpus::detail
