// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/files.h"

namespace lathe {

Result<AtomicFile> AtomicFile::create(const std::filesystem::path& target) {
    auto temporary = target;
    temporary += fmt::format(".{}.part", ::getpid());
    const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0)
        return fileError("write", target);
    return AtomicFile(target, std::move(temporary), fd);
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : m_target(std::move(other.m_target)),
      m_temporary(std::move(other.m_temporary)),
      m_fd(std::exchange(other.m_fd, -1)) {
}

AtomicFile::~AtomicFile() {
    if (m_fd < 0)
        return;
    ::close(m_fd);
    ::unlink(m_temporary.c_str());
}

Result<> AtomicFile::write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(m_fd, bytes.data(), std::min<std::size_t>(bytes.size(), 1u << 30));
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return fileError("write", m_target);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

Result<> AtomicFile::commit() {
    if (::fsync(m_fd) != 0 || ::rename(m_temporary.c_str(), m_target.c_str()) != 0)
        return fileError("write", m_target);
    ::close(std::exchange(m_fd, -1));
    return syncToDisk(m_target.has_parent_path() ? m_target.parent_path() : ".");
}

}  // namespace lathe
