// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The sums that the window shows must be what counting the rows gives.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include "corpus/detail/sqlite_store.h"
#include "corpus/project.h"

namespace lathe::test {

inline bool sumsHold(const corpus::Project& project) {
    const auto file = project.folder() / "project.db";
    const auto store = corpus::detail::SqliteStore::open(file, corpus::Access::Write).value();
    const auto counts = store->counts().value();
    const auto rows = store->recount().value();
    SQLite::Database database(file.string());
    const int wrong =
        database
            .execAndGet(
                "SELECT count(*) FROM labels WHERE count <> (SELECT count(*) FROM (SELECT sample FROM"
                " sample_state WHERE label = labels.id UNION SELECT sample FROM state_labels WHERE label ="
                " labels.id))")
            .getInt();
    return wrong == 0 && counts.samples == rows.samples && counts.labelled == rows.labelled &&
           counts.unlabelled == rows.unlabelled && counts.answered == rows.answered && counts.skipped == rows.skipped &&
           counts.flagged == rows.flagged && counts.train == rows.train && counts.dev == rows.dev &&
           counts.test == rows.test;
}

}  // namespace lathe::test
