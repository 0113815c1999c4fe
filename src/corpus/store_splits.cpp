// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Splits, the frozen test split, and the log of what was done to them.
#include <fmt/format.h>

#include "core/files.h"
#include "corpus/detail/sqlite_store.h"

namespace lathe::corpus::detail {
namespace {

const std::string kFrozenKey = "splits.test_frozen_ms";

}  // namespace

bool SqliteStore::testIsFrozen() {
    return m_sql("SELECT 1 FROM settings WHERE key = ?").bind(kFrozenKey).step();
}

Result<> SqliteStore::touchTest(const char* action) {
    if (!testIsFrozen())
        return {};
    if (!m_testChange)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("the test split is frozen, so that scores stay comparable: nothing in it can be {} "
                                "without a reason; give one on the Split dialog or with lathe-cli split --reason, or "
                                "leave these texts out",
                                action));
    ++m_testTouched[action];
    return {};
}

void SqliteStore::logSplits(const std::string& who, const std::string& action, std::int64_t samples,
                            const std::string& reason) {
    m_sql("INSERT INTO split_log(time_ms, who, action, samples, reason) VALUES(?, ?, ?, ?, ?)")
        .bind(nowMs(), who, action, samples, reason)
        .run();
}

void SqliteStore::logTestChanges() {
    for (const auto& [action, samples] : m_testTouched)
        logSplits(m_testChange->who, action, samples, m_testChange->reason);
    m_testTouched.clear();
}

Result<> SqliteStore::assignSplit(SampleId id, Split split, Tally& change) {
    const auto before = stateOf(id);
    if (!before)
        return fail(ErrorCode::NotFound, fmt::format("sample {} is not in the project (any more)", id));
    if (before->split == split)
        return {};
    if (before->split == Split::Test || split == Split::Test)
        LATHE_CHECK(touchTest("assigned"));
    m_sql("UPDATE sample_state SET split = ? WHERE sample = ?").bind(static_cast<int>(split), id).run();
    StateRow after = *before;
    after.split = split;
    change += tallyOf(after);
    change -= tallyOf(*before);
    return {};
}

Result<> SqliteStore::setSplit(std::span<const SampleId> ids, Split split) {
    return written("set the split in", [&]() -> Result<> {
        Tally change;
        for (const SampleId id : ids)
            LATHE_CHECK(assignSplit(id, split, change));
        addTally(change);
        return {};
    });
}

Result<> SqliteStore::assignSplits(const SplitAssignment& assignment) {
    return written("set the splits in", [&]() -> Result<> {
        LATHE_CHECK(checkText("name", assignment.who));
        Tally change;
        for (const auto& [id, split] : assignment.samples)
            LATHE_CHECK(assignSplit(id, split, change));
        addTally(change);
        logSplits(assignment.who, "made", static_cast<std::int64_t>(assignment.samples.size()), assignment.request);
        if (assignment.freezesTest && !testIsFrozen())
            freeze(assignment.who, "");
        return {};
    });
}

void SqliteStore::freeze(const std::string& who, const std::string& reason) {
    m_sql("INSERT OR REPLACE INTO settings VALUES(?, ?)").bind(kFrozenKey, std::to_string(nowMs())).run();
    std::int64_t tests = 0;
    {
        auto row = m_sql("SELECT test FROM tally");
        tests = row.step() ? row.integer(0) : 0;
    }
    logSplits(who, "frozen", tests, reason);
}

Result<bool> SqliteStore::isTestFrozen() {
    return guarded("read", [&]() -> Result<bool> { return testIsFrozen(); });
}

Result<> SqliteStore::setTestFrozen(bool frozen, const TestChange& by) {
    return written("freeze the test split of", [&]() -> Result<> {
        LATHE_CHECK(checkText("reason", by.reason));
        LATHE_CHECK(checkText("name", by.who));
        if (frozen == testIsFrozen())
            return {};
        if (frozen) {
            freeze(by.who, by.reason);
            return {};
        }
        if (by.reason.find_first_not_of(" \t\r\n") == std::string::npos)
            return fail(ErrorCode::InvalidInput, "releasing the test split needs a reason; it is kept in the log");
        m_sql("DELETE FROM settings WHERE key = ?").bind(kFrozenKey).run();
        logSplits(by.who, "released", 0, by.reason);
        return {};
    });
}

Result<> SqliteStore::allowTestChanges(std::optional<TestChange> by) {
    if (by) {
        LATHE_CHECK(checkText("reason", by->reason));
        LATHE_CHECK(checkText("name", by->who));
        if (by->reason.find_first_not_of(" \t\r\n") == std::string::npos)
            return fail(ErrorCode::InvalidInput,
                        "changing the frozen test split needs a reason; it is kept in the log");
    }
    m_testChange = std::move(by);
    return {};
}

Result<std::vector<SplitChange>> SqliteStore::splitLog() {
    return guarded("read the log of the splits of", [&]() -> Result<std::vector<SplitChange>> {
        auto rows = m_sql("SELECT id, time_ms, who, action, samples, reason FROM split_log ORDER BY id DESC");
        std::vector<SplitChange> log;
        while (rows.step())
            log.push_back(
                {rows.integer(0), rows.integer(1), rows.text(2), rows.text(3), rows.integer(4), rows.text(5)});
        return log;
    });
}

}  // namespace lathe::corpus::detail
