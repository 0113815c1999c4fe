// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/project.h"

#include <fmt/format.h>

#include "core/files.h"
#include "core/log.h"
#include "corpus/detail/project_lock.h"
#include "corpus/detail/sqlite_store.h"

namespace lathe::corpus {
namespace fs = std::filesystem;
using detail::ProjectLock;
using detail::SqliteStore;

struct Project::State {
    fs::path folder;
    Access access = Access::Read;
    ProjectLock lock;
};

namespace {

constexpr const char* kDatabase = "project.db";

fs::path tidy(const fs::path& folder) {
    std::error_code code;
    auto path = fs::absolute(folder, code).lexically_normal();
    if (code)
        path = folder;
    return path.has_filename() ? path : path.parent_path();  // "name.lathe/" and "name.lathe" are the same project
}

Result<> fillNewFolder(const fs::path& folder) {
    LATHE_CHECK(makeFolder(folder / "models"));
    LATHE_CHECK(makeFolder(folder / "runs"));
    LATHE_TRY(const auto store, SqliteStore::open(folder / kDatabase, Access::Write));
    LATHE_CHECK(syncToDisk(folder));
    return syncToDisk(folder.has_parent_path() ? folder.parent_path() : fs::path("."));
}

}  // namespace

Result<Project> Project::create(const fs::path& folder) {
    auto path = tidy(folder);
    if (path.extension() != ".lathe")
        path += ".lathe";
    std::error_code code;
    const bool existed = fs::exists(path, code);
    if (existed && (!fs::is_directory(path, code) || !fs::is_empty(path, code)))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{} exists already; open it, or choose another name", path.string()));
    LATHE_CHECK(makeFolder(path));
    LATHE_TRY(ProjectLock lock, ProjectLock::take(path));
    if (auto filled = fillNewFolder(path); !filled) {
        // Nothing half made is left behind: the folder was empty or not there.
        for (const char* name : {"models", "runs", kDatabase, "project.db-wal", "project.db-shm", "lock"})
            fs::remove(path / name, code);
        if (!existed)
            fs::remove(path, code);
        return fail(std::move(filled.error()));
    }
    Project project;
    project.m_state = std::make_shared<State>(State{path, Access::Write, std::move(lock)});
    return project;
}

Result<Project> Project::open(const fs::path& folder, Access access) {
    auto path = tidy(folder);
    std::error_code code;
    if (!fs::exists(path, code) && path.extension() != ".lathe") {
        auto named = path;
        named += ".lathe";
        if (fs::exists(named / kDatabase, code))
            path = named;
    }
    if (!fs::exists(path, code))
        return fail(ErrorCode::NotFound,
                    fmt::format("{} does not exist; check the name, or make a new project", path.string()));
    if (!fs::is_regular_file(path / kDatabase, code))
        return fail(
            ErrorCode::NotFound,
            fmt::format("{} is not a Lathe project: it has no project.db; choose a folder NAME.lathe", path.string()));

    State state{path, access, {}};
    if (access == Access::Write) {
        LATHE_TRY(state.lock, ProjectLock::take(path));
    }
    LATHE_CHECK(SqliteStore::checkFormat(path / kDatabase));
    LATHE_TRY(const auto store, SqliteStore::open(path / kDatabase, access));
    if (access == Access::Write) {
        if (const auto removed = store->removeUnfinishedImports(); !removed)
            logWarning("corpus", "an unfinished import could not be taken out: {}", removed.error().message);
        for (const char* name : {"models", "runs"})
            LATHE_CHECK(makeFolder(path / name));
    }
    Project project;
    project.m_state = std::make_shared<State>(std::move(state));
    return project;
}

std::optional<LockHolder> Project::lockHolder(const fs::path& folder) {
    return ProjectLock::holder(tidy(folder));
}

Result<std::unique_ptr<CorpusStore>> Project::connect() const {
    LATHE_TRY(std::unique_ptr<CorpusStore> store, SqliteStore::open(m_state->folder / kDatabase, m_state->access));
    return store;
}

const fs::path& Project::folder() const {
    return m_state->folder;
}

std::string Project::name() const {
    return m_state->folder.stem().string();
}

fs::path Project::modelsFolder() const {
    return m_state->folder / "models";
}

fs::path Project::runsFolder() const {
    return m_state->folder / "runs";
}

bool Project::isReadOnly() const {
    return m_state->access == Access::Read;
}

}  // namespace lathe::corpus
