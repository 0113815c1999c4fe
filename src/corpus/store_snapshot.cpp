// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Snapshots: which samples a run trains on, divided once and kept.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "core/files.h"
#include "core/hash.h"
#include "core/json.h"
#include "corpus/detail/sqlite_store.h"
#include "corpus/detail/stratify.h"

namespace lathe::corpus::detail {
namespace {

void appendNumber(std::string& bytes, std::uint64_t number) {
    for (int shift = 0; shift < 64; shift += 8)  // little-endian on every machine
        bytes.push_back(static_cast<char>((number >> shift) & 0xFF));
}

// Two 64-bit hashes of a text stand for it, so that hashing a million texts needs no copy of them all.
void appendText(std::string& bytes, std::string_view text) {
    appendNumber(bytes, hash64(text));
    appendNumber(bytes, hash64(text, 1));
}

std::string hashOf(std::span<const SnapshotItem> items, std::span<const Label> labels) {
    std::unordered_map<LabelId, std::string_view> names;
    for (const Label& label : labels)
        names.emplace(label.id, label.name);
    std::string bytes;
    bytes.reserve(items.size() * 64);
    for (const SnapshotItem& item : items) {
        appendNumber(bytes, static_cast<std::uint64_t>(item.sample));
        appendNumber(bytes, static_cast<std::uint64_t>(item.split));
        appendText(bytes, item.text);
        appendText(bytes, item.answer);
        appendNumber(bytes, static_cast<std::uint64_t>(item.label.value_or(0)));
        appendText(bytes, item.label ? names[*item.label] : std::string_view());
        if (!item.content.isEmpty())
            appendText(bytes, contentValue(item.content));
        if (item.labelling.isEmpty())
            continue;
        appendText(bytes, toValue(item.labelling));
        for (const LabelId label : labelsIn(item.labelling))
            appendText(bytes, names[label]);
    }
    return hash128Hex(bytes);
}

/// Whether a sample that is labelled somehow says what a snapshot is of.
bool isOf(SnapshotOf of, const SnapshotItem& item) {
    switch (of) {
        case SnapshotOf::Labels:
            return item.label || item.labelling.labels;
        case SnapshotOf::Rating:
            return item.label || item.labelling.rating;
        case SnapshotOf::Spans:
            return item.labelling.spans.has_value();
        case SnapshotOf::Preference:
            return item.labelling.preferred && !item.content.candidates.empty();
        case SnapshotOf::Turns:
            return item.labelling.turns.has_value();
        case SnapshotOf::Label:
        case SnapshotOf::Answers:
            break;
    }
    return true;
}

const char* nameOf(SnapshotOf of) {
    switch (of) {
        case SnapshotOf::Label:
            return "label";
        case SnapshotOf::Answers:
            return "answers";
        case SnapshotOf::Labels:
            return "labels";
        case SnapshotOf::Rating:
            return "rating";
        case SnapshotOf::Spans:
            return "spans";
        case SnapshotOf::Preference:
            return "preference";
        case SnapshotOf::Turns:
            return "turns";
    }
    return "";
}

const char* nothingOf(SnapshotOf of) {
    switch (of) {
        case SnapshotOf::Answers:
            return "no sample has an answer yet; import or write question/answer pairs first";
        case SnapshotOf::Spans:
            return "no sample has labelled parts yet; import a file with them first";
        case SnapshotOf::Rating:
            return "no sample has a rating yet; rate some samples or import rated ones first";
        case SnapshotOf::Preference:
            return "no comparison of two answers is decided yet; choose the better one of some first";
        case SnapshotOf::Turns:
            return "no conversation has labelled turns yet; label some first";
        case SnapshotOf::Label:
        case SnapshotOf::Labels:
            break;
    }
    return "nothing is labelled yet; label some samples or import labelled ones first";
}

// Columns: sample, split, text, answer, label, labelling, content.
Result<SnapshotItem> snapshotItem(const Query& row) {
    SnapshotItem item{row.integer(0), static_cast<Split>(row.integer(1)), row.text(2), row.text(3), row.maybe(4), {}};
    if (!row.isNull(5)) {
        LATHE_TRY(item.labelling, labellingFrom(row.text(5)));
    }
    LATHE_TRY(item.content, contentFrom(row.text(6)));
    return item;
}

}  // namespace

Result<std::vector<SnapshotItem>> SqliteStore::snapshotCandidates(SnapshotOf of, SnapshotRows& rows) {
    constexpr std::string_view kSelect =
        "SELECT st.sample, st.split, coalesce(t.value, s.text), a.value, st.label, l.value, s.content,"
        " st.label_annotation, a.id, t.id, st.label_origin FROM sample_state st CROSS JOIN samples s ON s.id = "
        "st.sample"
        " LEFT JOIN annotations a ON a.id = st.answer_annotation LEFT JOIN annotations l ON l.id = st.label_annotation"
        " LEFT JOIN annotations t ON t.id = st.text_annotation WHERE ";
    const char* which = of == SnapshotOf::Answers ? "st.answer_annotation IS NOT NULL"
                        : of == SnapshotOf::Label ? "st.label IS NOT NULL"
                                                  : "st.labelled = 1";
    SQLite::Statement statement(*m_database, fmt::format("{}{} ORDER BY st.sample", kSelect, which));
    Query query(statement);
    std::vector<SnapshotItem> items;
    while (query.step()) {
        LATHE_TRY(SnapshotItem item, snapshotItem(query));
        if (!isOf(of, item))
            continue;
        // Models are measured on people's labels: what a rule or a model gave is never drawn into the dev set.
        const auto origin = static_cast<Origin>(query.integer(10));
        const bool isMachines = of != SnapshotOf::Answers && (origin == Origin::Rule || origin == Origin::Model);
        if (isMachines && item.split == Split::None)
            item.split = Split::Train;
        items.push_back(std::move(item));
        rows.label.push_back(query.maybe(7).value_or(0));
        rows.answer.push_back(query.maybe(8).value_or(0));
        rows.text.push_back(query.maybe(9).value_or(0));
    }
    return items;
}

Result<SnapshotPreview> SqliteStore::draftSnapshot(const SnapshotRequest& request, SnapshotRows& rows) {
    if (!(request.devShare >= 0 && request.devShare < 1))
        return fail(
            ErrorCode::InvalidInput,
            fmt::format("the share of the dev set is {}; choose one from 0 up to, but not, 1", request.devShare));
    SnapshotPreview draft;
    LATHE_TRY(draft.items, snapshotCandidates(request.of, rows));
    if (draft.items.empty()) {
        LATHE_TRY(const Counts present, counts());
        if (request.of == SnapshotOf::Label && present.labelled > 0)
            return fail(ErrorCode::InvalidInput,
                        fmt::format("none of the {} labelled samples has a single label; choose the task that learns "
                                    "what they have: spans, multi_label or regression",
                                    present.labelled));
        return fail(ErrorCode::InvalidInput, nothingOf(request.of));
    }
    divide(draft.items, request.devShare, request.seed);
    LATHE_TRY(const auto present, labels());
    draft.hash = hashOf(draft.items, present);
    return draft;
}

Result<SnapshotPreview> SqliteStore::previewSnapshot(const SnapshotRequest& request) {
    return guarded("read what a snapshot would hold of", [&]() -> Result<SnapshotPreview> {
        SnapshotRows rows;
        return draftSnapshot(request, rows);
    });
}

Result<Snapshot> SqliteStore::makeSnapshot(const SnapshotRequest& request) {
    return written("make a snapshot of", [&]() -> Result<Snapshot> {
        SnapshotRows rows;
        LATHE_TRY(const SnapshotPreview draft, draftSnapshot(request, rows));
        const auto& items = draft.items;

        Snapshot snapshot;
        snapshot.createdMs = nowMs();
        snapshot.hash = draft.hash;
        snapshot.samples = static_cast<std::int64_t>(items.size());
        snapshot.note = request.note;
        const std::string asked =
            toLine(Json{{"dev_share", request.devShare}, {"seed", request.seed}, {"of", nameOf(request.of)}});
        m_sql("INSERT INTO snapshots(created_ms, hash, samples, note, request) VALUES(?, ?, ?, ?, ?)")
            .bind(snapshot.createdMs, snapshot.hash, snapshot.samples, snapshot.note, asked)
            .run();
        snapshot.id = lastId();
        auto insert = m_sql("INSERT INTO snapshot_items VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
        for (std::size_t i = 0; i < items.size(); ++i) {
            const auto row = [](AnnotationId id) { return id == 0 ? std::nullopt : std::optional(id); };
            insert
                .bind(snapshot.id, static_cast<std::int64_t>(i), items[i].sample, static_cast<int>(items[i].split),
                      items[i].label, row(rows.label[i]), row(rows.answer[i]), row(rows.text[i]))
                .run();
        }
        return snapshot;
    });
}

Result<std::vector<Snapshot>> SqliteStore::snapshots() {
    return guarded("read the snapshots of", [&]() -> Result<std::vector<Snapshot>> {
        auto rows = m_sql("SELECT id, created_ms, hash, samples, note FROM snapshots ORDER BY id DESC");
        std::vector<Snapshot> snapshots;
        while (rows.step())
            snapshots.push_back({rows.integer(0), rows.integer(1), rows.text(2), rows.integer(3), rows.text(4)});
        return snapshots;
    });
}

Result<std::vector<SnapshotItem>> SqliteStore::snapshotItems(SnapshotId id) {
    return guarded("read a snapshot of", [&]() -> Result<std::vector<SnapshotItem>> {
        {
            auto known = m_sql("SELECT 1 FROM snapshots WHERE id = ?");
            if (!known.bind(id).step())
                return fail(ErrorCode::NotFound, fmt::format("snapshot {} is not in the project", id));
        }
        // Texts, their edits and answers are rows that never change, so reading them now gives what they were then.
        auto rows = m_sql(
            "SELECT i.sample, i.split, coalesce(t.value, s.text), a.value, i.label, l.value, s.content"
            " FROM snapshot_items i JOIN samples s ON s.id = i.sample LEFT JOIN annotations a ON a.id ="
            " i.answer_annotation LEFT JOIN annotations l ON l.id = i.label_annotation LEFT JOIN annotations t ON t.id "
            "="
            " i.text_annotation WHERE i.snapshot = ? ORDER BY i.position");
        rows.bind(id);
        std::vector<SnapshotItem> items;
        while (rows.step()) {
            LATHE_TRY(SnapshotItem item, snapshotItem(rows));
            items.push_back(std::move(item));
        }
        return items;
    });
}

}  // namespace lathe::corpus::detail
