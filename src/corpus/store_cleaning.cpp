// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Cleanings as one step that is recorded and can be taken back, and samples that come back after they were removed.
#include <fmt/format.h>

#include <array>

#include "core/files.h"
#include "core/hash.h"
#include "core/utf8.h"
#include "corpus/detail/sqlite_store.h"

namespace lathe::corpus::detail {
namespace {

constexpr std::size_t kPiece = 500;  // samples restored in one transaction, so that labelling goes on meanwhile

}  // namespace

Result<std::vector<Cleaning>> SqliteStore::cleanings() {
    return guarded("read the cleanings of", [&]() -> Result<std::vector<Cleaning>> {
        auto rows = m_sql(
            "SELECT id, time_ms, who, kind, recipe, counts, changed, removed, finished, undone_ms FROM cleanings ORDER"
            " BY id DESC");
        std::vector<Cleaning> cleanings;
        while (rows.step())
            cleanings.push_back({rows.integer(0), rows.integer(1), rows.text(2), rows.text(3), rows.text(4),
                                 rows.text(5), rows.integer(6), rows.integer(7), rows.integer(8) != 0, rows.maybe(9)});
        return cleanings;
    });
}

Result<std::vector<MaskedSample>> SqliteStore::maskedBy(CleaningId id, std::int64_t limit) {
    return guarded("read what was masked in", [&]() -> Result<std::vector<MaskedSample>> {
        auto rows = m_sql("SELECT sample, masked FROM cleaning_masks WHERE cleaning = ? ORDER BY sample LIMIT ?");
        rows.bind(id, limit);
        std::vector<MaskedSample> masked;
        while (rows.step())
            masked.push_back({rows.integer(0), rows.text(1)});
        return masked;
    });
}

Result<CleaningId> SqliteStore::beginCleaning(const Cleaning& cleaning) {
    return written("record the cleaning in", [&]() -> Result<CleaningId> {
        LATHE_CHECK(checkText("name", cleaning.who));
        m_sql("INSERT INTO cleanings(time_ms, who, kind, recipe) VALUES(?, ?, ?, ?)")
            .bind(cleaning.timeMs == 0 ? nowMs() : cleaning.timeMs, cleaning.who, cleaning.kind, cleaning.recipe)
            .run();
        return lastId();
    });
}

Result<> SqliteStore::cleanSamples(CleaningId id, std::span<const CleaningChange> changes,
                                   std::span<const SampleId> removed) {
    return written("save the cleaning in", [&]() -> Result<> {
        std::optional<AnnotationId> step;
        {
            auto row = m_sql("SELECT step FROM cleanings WHERE id = ? AND finished = 0");
            if (!row.bind(id).step())
                return fail(ErrorCode::NotFound, fmt::format("cleaning {} is not under way", id));
            step = row.maybe(0);
        }
        for (const CleaningChange& change : changes) {
            Annotation row = change.row;
            row.step = step;
            row.timeMs = row.timeMs == 0 ? nowMs() : row.timeMs;
            LATHE_TRY(const AnnotationId appended, annotateInside(row));
            if (!step) {
                step = appended;
                m_sql("UPDATE cleanings SET step = ? WHERE id = ?").bind(step, id).run();
            }
            if (!change.masked.empty())
                m_sql("INSERT OR REPLACE INTO cleaning_masks VALUES(?, ?, ?)")
                    .bind(id, row.sample, change.masked)
                    .run();
        }
        std::set<SampleId> changed;  // a text and its answer are two rows of one sample
        for (const CleaningChange& change : changes)
            changed.insert(change.row.sample);
        for (const SampleId sample : removed)
            LATHE_CHECK(removeInside(sample, id));
        m_sql("UPDATE cleanings SET changed = changed + ?, removed = removed + ? WHERE id = ?")
            .bind(static_cast<std::int64_t>(changed.size()), static_cast<std::int64_t>(removed.size()), id)
            .run();
        return {};
    });
}

Result<> SqliteStore::endCleaning(CleaningId id, const std::string& counts) {
    return written("record the cleaning in", [&]() -> Result<> {
        m_sql("UPDATE cleanings SET finished = 1, counts = ? WHERE id = ?").bind(counts, id).run();
        return {};
    });
}

Result<std::int64_t> SqliteStore::undoCleaning(CleaningId id, const std::string& who, JobContext& context) {
    std::optional<AnnotationId> step;
    std::vector<SampleId> removed;
    LATHE_CHECK(guarded("read a cleaning of", [&]() -> Result<> {
        auto row = m_sql("SELECT step, undone_ms FROM cleanings WHERE id = ?");
        if (!row.bind(id).step())
            return fail(ErrorCode::NotFound, fmt::format("there is no cleaning {} in the project", id));
        if (!row.isNull(1))
            return fail(ErrorCode::InvalidInput, fmt::format("cleaning {} is undone already", id));
        step = row.maybe(0);
        auto rows = m_sql("SELECT sample FROM removals WHERE cleaning = ? ORDER BY sample");
        rows.bind(id);
        while (rows.step())
            removed.push_back(rows.integer(0));
        return {};
    }));
    for (std::size_t begin = 0; begin < removed.size(); begin += kPiece) {
        context.progress(static_cast<std::int64_t>(begin), static_cast<std::int64_t>(removed.size()), "restore");
        if (context.stopRequested())
            return fail(ErrorCode::Canceled, "undoing was stopped; doing it again goes on where it stopped");
        const auto piece = std::span(removed).subspan(begin, std::min(kPiece, removed.size() - begin));
        LATHE_CHECK(restoreSamples(piece));
    }
    std::int64_t changed = static_cast<std::int64_t>(removed.size());
    if (step) {
        LATHE_TRY(const std::int64_t reverted, revertStep(*step, false, who, context));
        changed += reverted;
    }
    LATHE_CHECK(written("record the cleaning in", [&]() -> Result<> {
        m_sql("UPDATE cleanings SET undone_ms = ?, finished = 1 WHERE id = ?").bind(nowMs(), id).run();
        return {};
    }));
    return changed;
}

Result<> SqliteStore::removeInside(SampleId id, std::optional<CleaningId> cleaning) {
    const auto state = stateOf(id);
    if (!state || m_sql("UPDATE samples SET removed = 1 WHERE id = ? AND removed = 0").bind(id).run() == 0)
        return fail(ErrorCode::NotFound, fmt::format("sample {} is not in the project (any more)", id));
    if (state->split == Split::Test)
        LATHE_CHECK(touchTest("removed"));
    m_sql("INSERT OR REPLACE INTO removals SELECT sample, ?, split, label_ms, ? FROM sample_state WHERE sample = ?")
        .bind(nowMs(), cleaning, id)
        .run();
    dropState(id);
    return {};
}

// The state anew from the rows that hold; what no row says (the split, since when the label is so) was kept aside.
Result<> SqliteStore::restoreInside(SampleId id) {
    Split split = Split::None;
    std::int64_t labelMs = 0;
    {
        auto row = m_sql(
            "SELECT r.split, r.label_ms FROM samples s LEFT JOIN removals r ON r.sample = s.id WHERE s.id = ? AND"
            " s.removed = 1 AND s.source IN (SELECT id FROM sources WHERE withdrawn = 0)");
        if (!row.bind(id).step())
            return fail(ErrorCode::NotFound, fmt::format("sample {} was not removed, so it cannot come back", id));
        split = static_cast<Split>(row.maybe(0).value_or(0));
        labelMs = row.maybe(1).value_or(0);
    }
    if (split == Split::Test)
        LATHE_CHECK(touchTest("restored"));
    std::string text, content;
    {
        auto row = m_sql("SELECT text, content FROM samples WHERE id = ?");
        row.bind(id).step();
        text = row.text(0);
        content = row.text(1);
    }
    m_sql("INSERT INTO sample_state(sample, split, length, hash, content_hash) VALUES(?, ?, ?, ?, ?)")
        .bind(id, static_cast<int>(split), static_cast<std::int64_t>(countCodePoints(text)),
              static_cast<std::int64_t>(hash64(text)),
              content.empty() ? std::int64_t{0} : static_cast<std::int64_t>(hash64(content)))
        .run();
    constexpr std::array kKinds{AnnotationKind::Label, AnnotationKind::Answer,  AnnotationKind::Skip,
                                AnnotationKind::Flag,  AnnotationKind::Comment, AnnotationKind::Text};
    for (const AnnotationKind kind : kKinds) {
        std::optional<AnnotationId> newest;
        {
            auto row = m_sql("SELECT max(id) FROM annotations WHERE sample = ? AND kind = ? AND holds = 1");
            if (row.bind(id, static_cast<int>(kind)).step())
                newest = row.maybe(0);
        }
        if (!newest)
            continue;
        Annotation row = annotationAt(*newest);
        if (kind == AnnotationKind::Label) {
            row.timeMs = labelMs;
            LATHE_TRY(const Labelling labelling, labellingFrom(row.value));
            putLabels(id, labelling);
        }
        applyToState(row, *newest);
    }
    for (const LabelId label : labelsOf(id))
        addLabelCount(label, +1);
    std::vector<std::pair<std::string, bool>> annotators;
    {
        auto rows = m_sql("SELECT DISTINCT annotator, blind FROM annotations WHERE sample = ? AND kind = 0");
        rows.bind(id);
        while (rows.step())
            annotators.emplace_back(rows.text(0), rows.integer(1) != 0);
    }
    for (const auto& [annotator, blind] : annotators)
        refreshOpinion(id, annotator, blind);
    if (const auto state = stateOf(id))
        addTally(tallyOf(*state));
    m_sql("UPDATE samples SET removed = 0 WHERE id = ?").bind(id).run();
    m_sql("UPDATE sources SET samples = samples + 1 WHERE id = (SELECT source FROM samples WHERE id = ?)")
        .bind(id)
        .run();
    m_sql("DELETE FROM removals WHERE sample = ?").bind(id).run();
    return {};
}

Result<> SqliteStore::restoreSamples(std::span<const SampleId> ids) {
    return written("bring samples back to", [&]() -> Result<> {
        for (const SampleId id : ids)
            LATHE_CHECK(restoreInside(id));
        return {};
    });
}

}  // namespace lathe::corpus::detail
