// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Steps that can be undone, read from the annotation rows, and undoing them by appending rows.
#include <fmt/format.h>

#include <algorithm>

#include "core/files.h"
#include "corpus/detail/sqlite_store.h"

namespace lathe::corpus::detail {
namespace {

/// A step over many samples is reverted in pieces, so that labelling goes on meanwhile.
constexpr std::size_t kPiece = 500;

}  // namespace

bool SqliteStore::isUndo(AnnotationId id) {
    bool undo = false;
    for (std::optional<AnnotationId> at = id;; undo = !undo) {
        auto row = m_sql("SELECT undoes FROM annotations WHERE id = ?");
        at = row.bind(*at).step() ? row.maybe(0) : std::nullopt;
        if (!at)
            return undo;
    }
}

AnnotationId SqliteStore::newestOf(AnnotationId id) {
    for (;;) {
        auto row = m_sql("SELECT max(id) FROM annotations WHERE undoes = ?");
        if (!row.bind(id).step() || row.isNull(0))
            return id;
        id = row.integer(0);
    }
}

Result<std::vector<UndoStep>> SqliteStore::undoHistory(std::int64_t limit) {
    return guarded("read the steps of", [&]() -> Result<std::vector<UndoStep>> {
        std::vector<UndoStep> steps;
        auto rows = m_sql(
            "SELECT a.id, a.sample, a.kind, a.label, a.value, a.origin, a.annotator, a.time_ms, a.undoes, a.role,"
            " a.note, a.blind, a.step FROM annotations a WHERE a.undoes IS NULL AND a.origin <> 3 AND a.merged IS NULL"
            " AND a.step IS NULL AND EXISTS (SELECT 1 FROM sample_state st WHERE st.sample = a.sample)"
            " AND NOT EXISTS (SELECT 1 FROM cleanings c WHERE c.step = a.id)"
            " AND NOT EXISTS (SELECT 1 FROM cleanings c WHERE c.step = a.id)"  // they have a history of their own
            " ORDER BY a.id DESC");
        bool anyDone = false;
        while (static_cast<std::int64_t>(steps.size()) < limit && rows.step()) {
            const Annotation first = annotationFrom(rows);
            UndoStep step{first.id, first.timeMs, first.annotator, first.kind, first.label, first.value, first.sample,
                          1,        false};
            step.undone = isUndo(newestOf(first.id));
            if (step.undone && anyDone)
                continue;  // something was done after it was undone: it cannot be done again
            anyDone = anyDone || !step.undone;
            auto samples = m_sql(
                "SELECT count(DISTINCT sample) FROM (SELECT sample FROM annotations WHERE id = ?1 UNION ALL"
                " SELECT sample FROM annotations WHERE step = ?1)");
            step.samples = samples.bind(first.id).step() ? samples.integer(0) : 1;
            steps.push_back(std::move(step));
        }
        std::ranges::reverse(steps);
        return steps;
    });
}

Result<std::int64_t> SqliteStore::revertRows(std::span<const AnnotationId> rows, bool forward,
                                             const std::string& annotator) {
    std::set<SampleId> changed;
    for (const AnnotationId id : rows) {
        const AnnotationId newest = newestOf(id);
        const Annotation done = annotationAt(id);
        if (isUndo(newest) != forward || !stateOf(done.sample))
            continue;
        bool holds = true;
        {
            auto row = m_sql("SELECT holds FROM annotations WHERE id = ?");
            holds = row.bind(id).step() && row.integer(0) != 0;
        }
        Annotation said = done;
        if (!forward) {
            auto row = m_sql(
                "SELECT id, sample, kind, label, value, origin, annotator, time_ms, undoes, role, note, blind, step"
                " FROM annotations WHERE sample = ? AND kind = ? AND holds = 1 AND id < ? ORDER BY id DESC LIMIT 1");
            const bool before = holds && row.bind(done.sample, static_cast<int>(done.kind), id).step();
            said = before ? annotationFrom(row) : Annotation();
            if (!before && done.kind == AnnotationKind::Text) {
                auto original = m_sql("SELECT text FROM samples WHERE id = ?");
                said.value = original.bind(done.sample).step() ? original.text(0) : std::string();
            }
        }
        if (done.kind == AnnotationKind::Label) {
            if (said.label)
                LATHE_CHECK(checkLabelExists(*said.label));
            LATHE_TRY(const Labelling labelling, labellingFrom(said.value));
            for (const LabelId label : labelsIn(labelling))
                LATHE_CHECK(checkLabelExists(label));
            said.value = toValue(labelling);  // "{}" of older versions
        }
        NewRow row{said, holds, {}};
        row.annotation.sample = done.sample;
        row.annotation.kind = done.kind;
        row.annotation.blind = done.blind;
        row.annotation.annotator = forward ? done.annotator : annotator;
        row.annotation.timeMs = nowMs();
        row.annotation.undoes = newest;
        row.annotation.step.reset();
        LATHE_CHECK(append(row, &said));
        changed.insert(done.sample);
    }
    return static_cast<std::int64_t>(changed.size());
}

Result<std::int64_t> SqliteStore::revertStep(AnnotationId step, bool forward, const std::string& annotator,
                                             JobContext& context) {
    LATHE_CHECK(checkText("annotator's name", annotator));
    std::vector<AnnotationId> rows;
    LATHE_CHECK(guarded("read a step of", [&]() -> Result<> {
        auto found = m_sql(
            "SELECT id FROM annotations WHERE id = ?1 AND undoes IS NULL UNION SELECT id FROM annotations WHERE step ="
            " ?1 AND undoes IS NULL ORDER BY id");
        found.bind(step);
        while (found.step())
            rows.push_back(found.integer(0));
        return {};
    }));
    if (rows.empty())
        return fail(ErrorCode::NotFound, fmt::format("annotation {} begins no step that can be undone", step));
    // The first row goes last: it says whether the step is undone.
    if (!forward)
        std::ranges::reverse(rows);
    std::int64_t changed = 0;
    for (std::size_t begin = 0; begin < rows.size(); begin += kPiece) {
        context.progress(static_cast<std::int64_t>(begin), static_cast<std::int64_t>(rows.size()));
        if (context.stopRequested())
            return fail(ErrorCode::Canceled, "undoing was stopped; doing it again goes on where it stopped");
        const auto piece = std::span(rows).subspan(begin, std::min(kPiece, rows.size() - begin));
        LATHE_TRY(const std::int64_t more,
                  written("save the step in", [&] { return revertRows(piece, forward, annotator); }));
        changed += more;
    }
    return changed;
}

}  // namespace lathe::corpus::detail
