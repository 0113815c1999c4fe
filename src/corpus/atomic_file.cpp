// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/files.h"

namespace lathe::corpus::detail {

tl::unexpected<Error> AtomicFile::ioError() const {
    const int number = errno;
    const char* hint = number == ENOSPC                      ? "; free some space and try again"
                       : number == ENOENT                    ? "; the folder does not exist"
                       : number == EACCES || number == EROFS ? "; choose a folder where you may write"
                                                             : "";
    return fail(ErrorCode::Io, fmt::format("cannot write {}: {}{}", m_path.string(), std::strerror(number), hint));
}

Result<AtomicFile> AtomicFile::create(const std::filesystem::path& path) {
    AtomicFile file;
    file.m_path = path;
    file.m_temporary = path;
    file.m_temporary += fmt::format(".{}.part", ::getpid());
    std::error_code code;
    if (std::filesystem::is_directory(path, code))
        return fail(ErrorCode::InvalidInput, fmt::format("{} is a folder; give a file name", path.string()));
    file.m_fd = ::open(file.m_temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file.m_fd < 0)
        return file.ioError();
    return file;
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : m_path(std::move(other.m_path)),
      m_temporary(std::move(other.m_temporary)),
      m_buffer(std::move(other.m_buffer)),
      m_fd(std::exchange(other.m_fd, -1)) {
}

AtomicFile::~AtomicFile() {
    if (m_fd < 0)
        return;
    ::close(m_fd);
    ::unlink(m_temporary.c_str());
}

Result<> AtomicFile::flush() {
    std::string_view bytes = m_buffer;
    while (!bytes.empty()) {
        const ssize_t written = ::write(m_fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return ioError();
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    m_buffer.clear();
    return {};
}

Result<> AtomicFile::write(std::string_view bytes) {
    constexpr std::size_t kBuffer = 256 * 1024;
    m_buffer.append(bytes);
    if (m_buffer.size() < kBuffer)
        return {};
    return flush();
}

Result<> AtomicFile::commit() {
    LATHE_CHECK(flush());
    if (::fsync(m_fd) != 0 || ::rename(m_temporary.c_str(), m_path.c_str()) != 0)
        return ioError();
    ::close(std::exchange(m_fd, -1));
    return syncToDisk(m_path.has_parent_path() ? m_path.parent_path() : ".");
}

}  // namespace lathe::corpus::detail
