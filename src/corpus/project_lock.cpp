// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/project_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "core/json.h"

namespace lathe::corpus::detail {
namespace {

std::string hostName() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0)
        return "this computer";
    return name.data();
}

std::optional<LockHolder> readHolder(int fd) {
    std::array<char, 1024> bytes{};
    const ssize_t size = ::pread(fd, bytes.data(), bytes.size(), 0);
    if (size <= 0)
        return std::nullopt;
    const auto json = parseJson({bytes.data(), static_cast<std::size_t>(size)}, "lock");
    if (!json || !json->is_object())
        return std::nullopt;
    LockHolder holder;
    holder.pid = jsonInt(*json, "pid", 0).value_or(0);
    holder.host = jsonString(*json, "host", "").value_or("");
    holder.program = jsonString(*json, "program", "").value_or("");
    return holder;
}

Error busyError(const std::filesystem::path& folder, const std::optional<LockHolder>& holder) {
    const std::string name = folder.filename().string();
    if (holder && holder->pid == ::getpid() && holder->host == hostName())
        return {ErrorCode::Busy, fmt::format("{} is already open in this program; use that window", name), {}};
    std::string who = "another program";
    if (holder && holder->pid > 0)
        who = fmt::format("{} (process {} on {})", holder->program.empty() ? "Lathe" : holder->program, holder->pid,
                          holder->host);
    return {ErrorCode::Busy, fmt::format("{} is open in {}: close it there, or open it read-only", name, who), {}};
}

}  // namespace

ProjectLock::ProjectLock(ProjectLock&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {
}

ProjectLock& ProjectLock::operator=(ProjectLock&& other) noexcept {
    std::swap(m_fd, other.m_fd);
    return *this;
}

ProjectLock::~ProjectLock() {
    if (m_fd >= 0)
        ::close(m_fd);  // closing lets the lock go; the file stays, because removing it would race with the next taker
}

Result<ProjectLock> ProjectLock::take(const std::filesystem::path& projectFolder) {
    const auto path = projectFolder / "lock";
    ProjectLock lock;
    lock.m_fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (lock.m_fd < 0) {
        const char* hint = errno == EACCES || errno == EROFS ? "; you may not write there: open it read-only"
                                                             : "; check the folder and try again";
        return fail(ErrorCode::Io,
                    fmt::format("cannot lock {}: {}{}", projectFolder.string(), std::strerror(errno), hint));
    }
    int status = 0;
    do {
        status = ::flock(lock.m_fd, LOCK_EX | LOCK_NB);
    } while (status != 0 && errno == EINTR);
    if (status != 0) {
        if (errno == EWOULDBLOCK)
            return fail(busyError(projectFolder, readHolder(lock.m_fd)));
        return fail(ErrorCode::Io, fmt::format("cannot lock {}: {}; keep the project on a disk that has file locks",
                                               projectFolder.string(), std::strerror(errno)));
    }
    const Json who{{"pid", static_cast<std::int64_t>(::getpid())},
                   {"host", hostName()},
                   {"program", program_invocation_short_name}};
    const std::string line = toLine(who) + "\n";
    // The text only serves the message: a full disk must not keep anybody from opening the project to make room.
    if (::ftruncate(lock.m_fd, 0) == 0) [[maybe_unused]]
        const ssize_t written = ::pwrite(lock.m_fd, line.data(), line.size(), 0);
    return lock;
}

std::optional<LockHolder> ProjectLock::holder(const std::filesystem::path& projectFolder) {
    ProjectLock probe;
    probe.m_fd = ::open((projectFolder / "lock").c_str(), O_RDONLY | O_CLOEXEC);
    if (probe.m_fd < 0 || ::flock(probe.m_fd, LOCK_SH | LOCK_NB) == 0 || errno != EWOULDBLOCK)
        return std::nullopt;
    return readHolder(probe.m_fd).value_or(LockHolder{});
}

}  // namespace lathe::corpus::detail
