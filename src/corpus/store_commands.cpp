// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What changes labels, annotations and the small tables. Every command is one transaction.
#include <fmt/format.h>

#include <algorithm>

#include "core/files.h"
#include "core/utf8.h"
#include "corpus/detail/label_defaults.h"
#include "corpus/detail/sqlite_store.h"

namespace lathe::corpus::detail {
namespace {

constexpr std::int64_t kLookedThrough = 100;

Result<> checkText(std::string_view what, std::string_view text) {
    if (const auto at = firstInvalidUtf8(text); at != std::string_view::npos)
        return fail(ErrorCode::InvalidInput, fmt::format("the {} is not valid UTF-8 at byte {}", what, at));
    return {};
}

}  // namespace

Result<> SqliteStore::checkLabelUnique(const Label& label) {
    if (label.name.empty())
        return fail(ErrorCode::InvalidInput, "a label needs a name");
    LATHE_CHECK(checkText("label's name", label.name));
    LATHE_CHECK(checkText("label's guideline", label.guideline));
    {
        auto same = m_sql("SELECT 1 FROM labels WHERE name = ? AND removed = 0 AND id <> ?");
        if (same.bind(label.name, label.id).step())
            return fail(ErrorCode::InvalidInput,
                        fmt::format("there is a label \"{}\" already; choose another name", label.name));
    }
    auto same = m_sql("SELECT name FROM labels WHERE key = ? AND key <> '' AND removed = 0 AND id <> ?");
    if (same.bind(label.key, label.id).step())
        return fail(
            ErrorCode::InvalidInput,
            fmt::format("the key \"{}\" belongs to the label \"{}\"; choose another key", label.key, same.text(0)));
    return {};
}

Result<LabelId> SqliteStore::insertLabel(const Label& label) {
    Label made = label;
    made.id = 0;
    if (made.key.empty() || made.color.empty()) {
        const auto newest = m_database->execAndGet("SELECT coalesce(max(id), 0) FROM labels").getInt64();
        // With many labels there is no key left, and looking through them all for each new one would be quadratic.
        LATHE_TRY(const auto present,
                  newest < kLookedThrough ? labels() : Result<std::vector<Label>>(std::vector<Label>()));
        if (made.key.empty() && newest < kLookedThrough)
            made.key = freeKey(present);
        if (made.color.empty())
            made.color = newest < kLookedThrough ? freeColor(present) : spreadColor(newest);
    }
    LATHE_CHECK(checkLabelUnique(made));
    m_sql("INSERT INTO labels(name, color, key, guideline) VALUES(?, ?, ?, ?)")
        .bind(made.name, made.color, made.key, made.guideline)
        .run();
    return lastId();
}

Result<LabelId> SqliteStore::addLabel(const Label& label) {
    return written("add the label to", [&] { return insertLabel(label); });
}

Result<> SqliteStore::updateLabel(const Label& label) {
    return written("change the label in", [&]() -> Result<> {
        LATHE_CHECK(checkLabelUnique(label));
        const int changed =
            m_sql("UPDATE labels SET name = ?, color = ?, key = ?, guideline = ? WHERE id = ? AND removed = 0")
                .bind(label.name, label.color, label.key, label.guideline, label.id)
                .run();
        if (changed == 0)
            return fail(ErrorCode::NotFound, fmt::format("label {} is not in the project (any more)", label.id));
        return {};
    });
}

Result<> SqliteStore::removeLabel(LabelId id) {
    return written("remove the label from", [&]() -> Result<> {
        {
            auto row = m_sql("SELECT name, count FROM labels WHERE id = ? AND removed = 0");
            if (!row.bind(id).step())
                return fail(ErrorCode::NotFound, fmt::format("label {} is not in the project (any more)", id));
            if (row.integer(1) > 0)
                return fail(ErrorCode::InvalidInput,
                            fmt::format("{} samples carry the label \"{}\"; give them another one first",
                                        row.integer(1), row.text(0)));
        }
        // The row stays: old annotations and snapshots speak of it.
        m_sql("UPDATE labels SET removed = 1 WHERE id = ?").bind(id).run();
        return {};
    });
}

Result<> SqliteStore::checkLabelExists(LabelId id) {
    auto label = m_sql("SELECT 1 FROM labels WHERE id = ? AND removed = 0");
    if (!label.bind(id).step())
        return fail(ErrorCode::InvalidInput, fmt::format("label {} is not in the project (any more)", id));
    return {};
}

Result<> SqliteStore::checkLabelling(SampleId sample, const Labelling& labelling) {
    for (const LabelId label : labelsIn(labelling))
        LATHE_CHECK(checkLabelExists(label));
    if (!labelling.spans || labelling.spans->empty())
        return {};
    auto row = m_sql("SELECT length FROM sample_state WHERE sample = ?");
    const std::int64_t length = row.bind(sample).step() ? row.integer(0) : 0;
    for (const SampleSpan& span : *labelling.spans)
        if (span.end > length)
            return fail(ErrorCode::InvalidInput,
                        fmt::format("a labelled part goes to character {}, but the text of sample {} has {}", span.end,
                                    sample, length));
    return {};
}

Result<> SqliteStore::checkAnnotation(const Annotation& annotation) {
    LATHE_CHECK(checkText("annotation", annotation.value));
    LATHE_CHECK(checkText("annotator's name", annotation.annotator));
    const bool isMark = annotation.kind == AnnotationKind::Skip || annotation.kind == AnnotationKind::Flag;
    if (isMark && !annotation.value.empty() && annotation.value != "1")
        return fail(ErrorCode::InvalidInput,
                    fmt::format("a skip or a flag is \"1\" or \"\", not \"{}\"", annotation.value));
    if (annotation.kind != AnnotationKind::Label && annotation.label)
        return fail(ErrorCode::InvalidInput, "only an annotation of kind Label carries a label");
    if (annotation.label)
        LATHE_CHECK(checkLabelExists(*annotation.label));
    if (annotation.undoes) {
        auto undone = m_sql("SELECT 1 FROM annotations WHERE id = ? AND sample = ? AND kind = ?");
        if (!undone.bind(*annotation.undoes, annotation.sample, static_cast<int>(annotation.kind)).step())
            return fail(ErrorCode::InvalidInput,
                        fmt::format("annotation {} is not one of this kind on sample {}, so it cannot be undone there",
                                    *annotation.undoes, annotation.sample));
    }
    return {};
}

AnnotationId SqliteStore::insertAnnotation(const Annotation& annotation) {
    m_sql(
        "INSERT INTO annotations(sample, kind, label, value, origin, annotator, time_ms, undoes) VALUES(?, ?, ?, ?, ?, "
        "?, ?, ?)")
        .bind(annotation.sample, static_cast<int>(annotation.kind), annotation.label, annotation.value,
              static_cast<int>(annotation.origin), annotation.annotator, annotation.timeMs, annotation.undoes)
        .run();
    return lastId();
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
    }
}

Result<AnnotationId> SqliteStore::annotate(const Annotation& annotation) {
    Annotation row = annotation;
    if (row.timeMs == 0)
        row.timeMs = nowMs();
    return written("save the annotation in", [&]() -> Result<AnnotationId> {
        const auto before = stateOf(row.sample);
        if (!before)
            return fail(ErrorCode::NotFound, fmt::format("sample {} is not in the project (any more)", row.sample));
        LATHE_CHECK(checkAnnotation(row));
        Labelling labelling;
        std::set<LabelId> carried;  // until now
        if (row.kind == AnnotationKind::Label) {
            LATHE_TRY(labelling, labellingFrom(row.value.empty() ? presentLabelling(row.sample) : row.value));
            LATHE_CHECK(checkLabelling(row.sample, labelling));
            row.value = toValue(labelling);
            carried = labelsOf(row.sample);
        }
        const AnnotationId id = insertAnnotation(row);
        applyToState(row, id);
        StateRow after = *before;
        switch (row.kind) {
            case AnnotationKind::Label:
                after.labelled = row.label || !row.value.empty();
                putLabels(row.sample, labelling);
                break;
            case AnnotationKind::Answer:
                after.answered = !row.value.empty();
                break;
            case AnnotationKind::Skip:
                after.skipped = row.value == "1";
                break;
            case AnnotationKind::Flag:
                after.flagged = row.value == "1";
                break;
            case AnnotationKind::Comment:
                break;
        }
        Tally change = tallyOf(after);
        change -= tallyOf(*before);
        addTally(change);
        if (row.kind == AnnotationKind::Label) {
            const auto among = labelsIn(labelling);
            std::set<LabelId> carries(among.begin(), among.end());
            if (row.label)
                carries.insert(*row.label);
            for (const LabelId label : carried)
                if (!carries.contains(label))
                    addLabelCount(label, -1);
            for (const LabelId label : carries)
                if (!carried.contains(label))
                    addLabelCount(label, +1);
        }
        return id;
    });
}

Result<> SqliteStore::setGuideline(const std::string& markdown) {
    return written("save the guideline in", [&]() -> Result<> {
        LATHE_CHECK(checkText("guideline", markdown));
        m_sql("INSERT INTO guideline(time_ms, markdown) VALUES(?, ?)").bind(nowMs(), markdown).run();
        return {};
    });
}

Result<> SqliteStore::setSetting(const std::string& key, const std::string& value) {
    return written("save a setting in", [&]() -> Result<> {
        if (value.empty())
            m_sql("DELETE FROM settings WHERE key = ?").bind(key).run();
        else
            m_sql("INSERT INTO settings VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value")
                .bind(key, value)
                .run();
        return {};
    });
}

Result<> SqliteStore::setSplit(std::span<const SampleId> ids, Split split) {
    return written("set the split in", [&]() -> Result<> {
        Tally change;
        for (const SampleId id : ids) {
            const auto before = stateOf(id);
            if (!before)
                return fail(ErrorCode::NotFound, fmt::format("sample {} is not in the project (any more)", id));
            m_sql("UPDATE sample_state SET split = ? WHERE sample = ?").bind(static_cast<int>(split), id).run();
            StateRow after = *before;
            after.split = split;
            change += tallyOf(after);
            change -= tallyOf(*before);
        }
        addTally(change);
        return {};
    });
}

Result<> SqliteStore::putRun(const Run& run) {
    return written("save the run in", [&]() -> Result<> {
        if (run.id.empty())
            return fail(ErrorCode::InvalidInput, "a run needs an id");
        const std::optional<SnapshotId> snapshot = run.snapshot == 0 ? std::nullopt : std::optional(run.snapshot);
        m_sql(
            "INSERT INTO runs VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET created_ms = excluded.created_ms,"
            " snapshot = excluded.snapshot, status = excluded.status, config = excluded.config, summary = "
            "excluded.summary")
            .bind(run.id, run.createdMs, snapshot, run.status, run.config, run.summary)
            .run();
        return {};
    });
}

Result<> SqliteStore::addChatTurn(const ChatTurn& turn) {
    return written("save the chat in", [&]() -> Result<> {
        m_sql("INSERT INTO chat(time_ms, model, role, text) VALUES(?, ?, ?, ?)")
            .bind(turn.timeMs == 0 ? nowMs() : turn.timeMs, turn.model, turn.role, turn.text)
            .run();
        return {};
    });
}

}  // namespace lathe::corpus::detail
