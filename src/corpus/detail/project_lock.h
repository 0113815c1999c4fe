// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The one writer of a project: flock on NAME.lathe/lock. The kernel lets it go with the process, however that ends,
// so a file left by a dead process locks nothing. The file's text says who holds it, for the message.
#pragma once

#include <filesystem>

#include "core/result.h"
#include "corpus/project.h"

namespace lathe::corpus::detail {

class ProjectLock {
public:
    ProjectLock() = default;
    ProjectLock(ProjectLock&& other) noexcept;
    ProjectLock& operator=(ProjectLock&& other) noexcept;
    ProjectLock(const ProjectLock&) = delete;
    ProjectLock& operator=(const ProjectLock&) = delete;
    ~ProjectLock();

    /// \returns Busy (says who holds it and what to do), Io (read-only folder ...).
    static Result<ProjectLock> take(const std::filesystem::path& projectFolder);
    /// Who writes to the project now; empty when nobody does.
    static std::optional<LockHolder> holder(const std::filesystem::path& projectFolder);

private:
    int m_fd = -1;
};

}  // namespace lathe::corpus::detail
