// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What changes labels, annotations and the small tables. Every command is one transaction.
#include <fmt/format.h>

#include <algorithm>

#include "core/files.h"
#include "core/json.h"
#include "core/utf8.h"
#include "corpus/detail/label_defaults.h"
#include "corpus/detail/sqlite_store.h"

namespace lathe::corpus::detail {
namespace {

constexpr std::int64_t kLookedThrough = 100;

std::string asJson(const std::vector<std::string>& texts) {
    return toLine(Json(texts));
}

}  // namespace

Result<> checkText(std::string_view what, std::string_view text) {
    if (const auto at = firstInvalidUtf8(text); at != std::string_view::npos)
        return fail(ErrorCode::InvalidInput, fmt::format("the {} is not valid UTF-8 at byte {}", what, at));
    return {};
}

Result<> SqliteStore::checkLabelUnique(const Label& label) {
    if (label.name.empty())
        return fail(ErrorCode::InvalidInput, "a label needs a name");
    LATHE_CHECK(checkText("label's name", label.name));
    LATHE_CHECK(checkText("label's guideline", label.guideline));
    for (const auto* examples : {&label.examples, &label.counterExamples})
        for (const std::string& example : *examples)
            LATHE_CHECK(checkText("label's example", example));
    LATHE_CHECK(checkParent(label));
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

Result<> SqliteStore::checkParent(const Label& label) {
    std::optional<LabelId> above = label.parent;
    while (above) {
        if (label.id != 0 && *above == label.id)
            return fail(ErrorCode::InvalidInput,
                        fmt::format("\"{}\" cannot stand below itself; choose another label above it", label.name));
        LATHE_CHECK(checkLabelExists(*above));
        auto row = m_sql("SELECT parent FROM labels WHERE id = ?");
        row.bind(*above).step();
        above = row.maybe(0);
    }
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
    const std::string examples = asJson(made.examples), counterExamples = asJson(made.counterExamples);
    m_sql(
        "INSERT INTO labels(name, color, key, guideline, parent, examples, counter_examples) VALUES(?, ?, ?, ?, ?, ?,"
        " ?)")
        .bind(made.name, made.color, made.key, made.guideline, made.parent, examples, counterExamples)
        .run();
    return lastId();
}

Result<LabelId> SqliteStore::addLabel(const Label& label) {
    return written("add the label to", [&] { return insertLabel(label); });
}

Result<> SqliteStore::updateLabel(const Label& label) {
    return written("change the label in", [&]() -> Result<> {
        LATHE_CHECK(checkLabelUnique(label));
        const std::string examples = asJson(label.examples), counterExamples = asJson(label.counterExamples);
        const int changed = m_sql(
                                "UPDATE labels SET name = ?, color = ?, key = ?, guideline = ?, parent = ?, examples ="
                                " ?, counter_examples = ? WHERE id = ? AND removed = 0")
                                .bind(label.name, label.color, label.key, label.guideline, label.parent, examples,
                                      counterExamples, label.id)
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
        {
            auto below = m_sql("SELECT name FROM labels WHERE parent = ? AND removed = 0");
            if (below.bind(id).step())
                return fail(ErrorCode::InvalidInput,
                            fmt::format("the label \"{}\" stands below it; move that one first", below.text(0)));
        }
        // The row stays: old annotations and snapshots speak of it.
        m_sql("UPDATE labels SET removed = 1 WHERE id = ?").bind(id).run();
        return {};
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
