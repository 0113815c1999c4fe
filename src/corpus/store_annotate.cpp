// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Annotation rows: what may be written, and what a row does to its sample's present state, the sums and the opinions.
#include <fmt/format.h>

#include <algorithm>

#include "core/files.h"
#include "core/utf8.h"
#include "corpus/detail/sqlite_store.h"

namespace lathe::corpus::detail {

Result<> SqliteStore::checkLabelExists(LabelId id) {
    auto label = m_sql("SELECT 1 FROM labels WHERE id = ? AND removed = 0");
    if (!label.bind(id).step())
        return fail(ErrorCode::InvalidInput, fmt::format("label {} is not in the project (any more)", id));
    return {};
}

Result<> SqliteStore::checkLabelling(SampleId sample, const Labelling& labelling) {
    for (const LabelId label : labelsIn(labelling))
        LATHE_CHECK(checkLabelExists(label));
    if (labelling.spans && !labelling.spans->empty()) {
        auto row = m_sql("SELECT length FROM sample_state WHERE sample = ?");
        const std::int64_t length = row.bind(sample).step() ? row.integer(0) : 0;
        for (const SampleSpan& span : *labelling.spans)
            if (span.end > length)
                return fail(ErrorCode::InvalidInput,
                            fmt::format("a labelled part goes to character {}, but the text of sample {} has {}",
                                        span.end, sample, length));
    }
    if (!labelling.preferred && !labelling.turns)
        return {};
    auto row = m_sql("SELECT content FROM samples WHERE id = ?");
    LATHE_TRY(const Content content, contentFrom(row.bind(sample).step() ? row.text(0) : std::string()));
    if (labelling.preferred && *labelling.preferred >= static_cast<std::int64_t>(content.candidates.size()))
        return fail(ErrorCode::InvalidInput, fmt::format("candidate {} is preferred, but sample {} has {} of them",
                                                         *labelling.preferred, sample, content.candidates.size()));
    if (labelling.turns)
        for (const TurnLabel& turn : *labelling.turns)
            if (turn.turn >= static_cast<std::int64_t>(content.turns.size()))
                return fail(ErrorCode::InvalidInput, fmt::format("turn {} is labelled, but sample {} has {} of them",
                                                                 turn.turn, sample, content.turns.size()));
    return {};
}

Result<> SqliteStore::checkAnnotation(const Annotation& annotation) {
    LATHE_CHECK(checkText("annotation", annotation.value));
    LATHE_CHECK(checkText("annotator's name", annotation.annotator));
    LATHE_CHECK(checkText("note", annotation.note));
    const bool isMark = annotation.kind == AnnotationKind::Skip || annotation.kind == AnnotationKind::Flag;
    if (isMark && !annotation.value.empty() && annotation.value != "1")
        return fail(ErrorCode::InvalidInput,
                    fmt::format("a skip or a flag is \"1\" or \"\", not \"{}\"", annotation.value));
    const bool isLabel = annotation.kind == AnnotationKind::Label;
    if (!isLabel && (annotation.label || annotation.blind || annotation.role != AnnotationRole::Opinion))
        return fail(ErrorCode::InvalidInput,
                    "only an annotation of kind Label carries a label, is blind, or is a decision");
    if (annotation.blind && annotation.role == AnnotationRole::Decision)
        return fail(ErrorCode::InvalidInput, "a decision is not blind: it is what holds");
    if (annotation.kind == AnnotationKind::Text && annotation.value.find_first_not_of(" \t\r\n") == std::string::npos)
        return fail(ErrorCode::InvalidInput, "a text cannot be empty; remove the sample instead");
    if (annotation.label)
        LATHE_CHECK(checkLabelExists(*annotation.label));
    if (annotation.step) {
        auto first = m_sql("SELECT 1 FROM annotations WHERE id = ? AND step IS NULL");
        if (!first.bind(*annotation.step).step())
            return fail(ErrorCode::InvalidInput, fmt::format("annotation {} begins no step", *annotation.step));
    }
    if (annotation.undoes) {
        auto undone = m_sql("SELECT 1 FROM annotations WHERE id = ? AND sample = ? AND kind = ?");
        if (!undone.bind(*annotation.undoes, annotation.sample, static_cast<int>(annotation.kind)).step())
            return fail(ErrorCode::InvalidInput,
                        fmt::format("annotation {} is not one of this kind on sample {}, so it cannot be undone there",
                                    *annotation.undoes, annotation.sample));
    }
    return {};
}

AnnotationId SqliteStore::insertAnnotation(const NewRow& row) {
    const Annotation& annotation = row.annotation;
    m_sql(
        "INSERT INTO annotations(sample, kind, label, value, origin, annotator, time_ms, undoes, role, note, blind,"
        " holds, step, merged) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(annotation.sample, static_cast<int>(annotation.kind), annotation.label, annotation.value,
              static_cast<int>(annotation.origin), annotation.annotator, annotation.timeMs, annotation.undoes,
              static_cast<int>(annotation.role), annotation.note, annotation.blind, row.holds, annotation.step,
              row.merge)
        .run();
    return lastId();
}

Annotation SqliteStore::annotationAt(AnnotationId id) {
    auto row = m_sql(
        "SELECT id, sample, kind, label, value, origin, annotator, time_ms, undoes, role, note, blind, step FROM"
        " annotations WHERE id = ?");
    return row.bind(id).step() ? annotationFrom(row) : Annotation();
}

std::string SqliteStore::presentLabelling(SampleId id) {
    auto row = m_sql(
        "SELECT a.value FROM sample_state st JOIN annotations a ON a.id = st.label_annotation WHERE st.sample = ?");
    return row.bind(id).step() ? row.text(0) : std::string();
}

void SqliteStore::applyToState(const Annotation& annotation, AnnotationId id) {
    const std::optional<std::int64_t> valueRow = annotation.value.empty() ? std::nullopt : std::optional(id);
    const bool on = annotation.value == "1";
    switch (annotation.kind) {
        case AnnotationKind::Label:
            m_sql(
                "UPDATE sample_state SET label = ?, labelled = ?, label_origin = ?, label_ms = ?, label_annotation = ?"
                " WHERE sample = ?")
                .bind(annotation.label, annotation.label || !annotation.value.empty(),
                      static_cast<int>(annotation.origin), annotation.timeMs, id, annotation.sample)
                .run();
            break;
        case AnnotationKind::Answer:
            m_sql("UPDATE sample_state SET answer_annotation = ? WHERE sample = ?")
                .bind(valueRow, annotation.sample)
                .run();
            break;
        case AnnotationKind::Comment:
            m_sql("UPDATE sample_state SET comment_annotation = ? WHERE sample = ?")
                .bind(valueRow, annotation.sample)
                .run();
            break;
        case AnnotationKind::Skip:
            m_sql("UPDATE sample_state SET skipped = ? WHERE sample = ?").bind(on, annotation.sample).run();
            break;
        case AnnotationKind::Flag:
            m_sql("UPDATE sample_state SET flagged = ? WHERE sample = ?").bind(on, annotation.sample).run();
            break;
        case AnnotationKind::Text:
            m_sql(
                "UPDATE sample_state SET length = ?, text_annotation = (SELECT CASE WHEN text = ? THEN NULL ELSE ? END"
                " FROM samples WHERE id = sample) WHERE sample = ?")
                .bind(static_cast<std::int64_t>(countCodePoints(annotation.value)), annotation.value, id,
                      annotation.sample)
                .run();
            break;
    }
}

Result<> SqliteStore::applyLabels(SampleId sample, std::optional<LabelId> label, const std::string& value) {
    LATHE_TRY(const Labelling labelling, labellingFrom(value));
    const std::set<LabelId> carried = labelsOf(sample);
    const auto among = labelsIn(labelling);
    std::set<LabelId> carries(among.begin(), among.end());
    if (label)
        carries.insert(*label);
    for (const LabelId each : carried)
        if (!carries.contains(each))
            addLabelCount(each, -1);
    for (const LabelId each : carries)
        if (!carried.contains(each))
            addLabelCount(each, +1);
    putLabels(sample, labelling);
    return {};
}

Result<AnnotationId> SqliteStore::append(const NewRow& row, const Annotation* since) {
    const Annotation& annotation = row.annotation;
    const AnnotationId id = insertAnnotation(row);
    if (row.holds) {
        const auto before = stateOf(annotation.sample);
        if (!before)
            return fail(ErrorCode::NotFound,
                        fmt::format("sample {} is not in the project (any more)", annotation.sample));
        if (annotation.kind == AnnotationKind::Text && before->split == Split::Test)
            LATHE_CHECK(touchTest("edited"));
        if (annotation.kind == AnnotationKind::Label)
            LATHE_CHECK(applyLabels(annotation.sample, annotation.label, annotation.value));
        Annotation stated = annotation;
        if (since) {
            stated.timeMs = since->timeMs;
            stated.origin = since->origin;
        }
        applyToState(stated, id);
        Tally change = tallyOf(stateOf(annotation.sample).value_or(*before));
        change -= tallyOf(*before);
        addTally(change);
    }
    if (annotation.kind == AnnotationKind::Label)
        keepOpinion(annotation, id);
    return id;
}

Result<AnnotationId> SqliteStore::annotateInside(const Annotation& annotation) {
    if (!stateOf(annotation.sample))
        return fail(ErrorCode::NotFound, fmt::format("sample {} is not in the project (any more)", annotation.sample));
    LATHE_CHECK(checkAnnotation(annotation));
    if (annotation.kind == AnnotationKind::Text) {
        LATHE_TRY(const TextEdit edit, editTextInside(annotation));
        return edit.step;
    }
    NewRow row{annotation, !annotation.blind, {}};
    if (annotation.kind == AnnotationKind::Label) {
        const bool leavesRest = annotation.value.empty() && !annotation.blind;
        LATHE_TRY(Labelling labelling,
                  labellingFrom(leavesRest ? presentLabelling(annotation.sample) : annotation.value));
        LATHE_CHECK(checkLabelling(annotation.sample, labelling));
        row.annotation.value = toValue(std::move(labelling));
    }
    return append(row);
}

Result<AnnotationId> SqliteStore::annotate(const Annotation& annotation) {
    Annotation row = annotation;
    if (row.timeMs == 0)
        row.timeMs = nowMs();
    return written("save the annotation in", [&] { return annotateInside(row); });
}

}  // namespace lathe::corpus::detail
