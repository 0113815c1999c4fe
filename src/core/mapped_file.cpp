// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mapped_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace lathe {

MappedFile::MappedFile(MappedFile&& other) noexcept
    : m_data(std::exchange(other.m_data, nullptr)), m_size(std::exchange(other.m_size, 0)) {
}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(m_data, other.m_data);
    std::swap(m_size, other.m_size);
    return *this;
}

MappedFile::~MappedFile() {
    if (m_data)
        ::munmap(const_cast<std::byte*>(m_data), m_size);
}

void MappedFile::release(std::size_t begin, std::size_t size) const {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t first = (begin + page - 1) / page * page, last = (begin + size) / page * page;
    if (first < last && last <= m_size)
        ::madvise(const_cast<std::byte*>(m_data) + first, last - first, MADV_DONTNEED);
}

Result<MappedFile> MappedFile::open(const std::filesystem::path& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io,
                    fmt::format("cannot open {}: {}", path.string(), std::strerror(errno)));
    struct stat info {};
    MappedFile file;
    int number = 0;
    if (::fstat(fd, &info) != 0) {
        number = errno;
    } else if (!S_ISREG(info.st_mode)) {
        number = EINVAL;
    } else if (info.st_size > 0) {
        void* data = ::mmap(nullptr, static_cast<std::size_t>(info.st_size), PROT_READ, MAP_PRIVATE, fd, 0);
        if (data == MAP_FAILED) {
            number = errno;
        } else {
            file.m_data = static_cast<const std::byte*>(data);
            file.m_size = static_cast<std::size_t>(info.st_size);
        }
    }
    ::close(fd);
    if (number != 0)
        return fail(ErrorCode::Io, fmt::format("cannot read {}: {}", path.string(), std::strerror(number)));
    return file;
}

}  // namespace lathe
