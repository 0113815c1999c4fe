// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/search_index.h"
#include "corpus/search_index.h"

namespace lathe::corpus {
namespace {

constexpr int kBusyTimeoutMs = 10'000;
constexpr std::chrono::milliseconds kSlice{400};

struct Position {
    std::int64_t indexed = 0, all = 0;  ///< samples, by their ids
};

Result<bool> updateSlice(const Project& project, JobContext& context, std::chrono::milliseconds time,
                         Position* position) {
    if (project.isReadOnly())
        return true;
    const auto file = project.folder() / "project.db";
    return detail::guardSql("index the texts of", file, [&]() -> Result<bool> {
        SQLite::Database texts(file.string(), SQLite::OPEN_READONLY, kBusyTimeoutMs);
        const auto index = detail::SearchIndex::openToWrite(detail::searchIndexFile(file));
        const bool isDone = index->update(texts, context, time);
        if (position)
            *position = {index->reach(texts).sample,
                         texts.execAndGet("SELECT coalesce(max(id), 0) FROM samples").getInt64()};
        return isDone;
    });
}

}  // namespace

Result<bool> updateSearchIndex(const Project& project, JobContext& context, std::chrono::milliseconds time) {
    return updateSlice(project, context, time, nullptr);
}

Result<> completeSearchIndex(const Project& project, JobContext& context) {
    for (bool isDone = false; !isDone;) {
        if (context.stopRequested())
            return fail(ErrorCode::Canceled, "indexing was stopped; it goes on where it was");
        Position position;
        LATHE_TRY(isDone, updateSlice(project, context, kSlice, &position));
        context.progress(position.indexed, position.all, "index");
        context.boundary();
    }
    return {};
}

}  // namespace lathe::corpus
