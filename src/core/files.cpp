// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <fstream>

#include "core/atomic_file.h"

namespace lathe {
namespace {

class Descriptor {
public:
    explicit Descriptor(int fd) : m_fd(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    int get() const { return m_fd; }

private:
    int m_fd;
};

}  // namespace

const char* errorCodeName(ErrorCode code) {
    switch (code) {
        case ErrorCode::Canceled:
            return "stopped";
        case ErrorCode::InvalidInput:
            return "invalid input";
        case ErrorCode::NotFound:
            return "not found";
        case ErrorCode::Io:
            return "input/output";
        case ErrorCode::Parse:
            return "not readable";
        case ErrorCode::Unsupported:
            return "unsupported";
        case ErrorCode::OutOfMemory:
            return "out of memory";
        case ErrorCode::Diverged:
            return "diverged";
        case ErrorCode::Busy:
            return "in use";
        case ErrorCode::Internal:
            break;
    }
    return "internal";
}

tl::unexpected<Error> fileError(const char* what, const std::filesystem::path& path) {
    const int number = errno;
    const char* hint = number == ENOSPC   ? "; free some space and try again"
                       : number == EDQUOT ? "; the disk quota is used up: free some space and try again"
                       : number == EFBIG  ? "; the file would be larger than may be: free some space or raise the limit"
                       : number == EACCES ? "; check who may write there"
                       : number == EROFS  ? "; the disk is read-only"
                                          : "";
    return fail(ErrorCode::Io, fmt::format("cannot {} {}: {}{}", what, path.string(), std::strerror(number), hint));
}

Result<std::string> readFile(const std::filesystem::path& path, std::uintmax_t maxBytes) {
    std::error_code code;
    if (!std::filesystem::exists(path, code))
        return fail(ErrorCode::NotFound, fmt::format("{} does not exist", path.string()));
    if (!std::filesystem::is_regular_file(path, code))
        return fail(ErrorCode::InvalidInput, fmt::format("{} is not a file", path.string()));
    const auto size = std::filesystem::file_size(path, code);
    if (code)
        return fail(ErrorCode::Io, fmt::format("cannot read {}: {}", path.string(), code.message()));
    if (size > maxBytes)
        return fail(ErrorCode::InvalidInput, fmt::format("{} is {}, more than the {} that such a file may have",
                                                         path.string(), humanBytes(size), humanBytes(maxBytes)));
    std::ifstream in(path, std::ios::binary);
    std::string bytes(size, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(size));
    if (in.bad() || in.gcount() != static_cast<std::streamsize>(size))
        return fileError("read", path);
    return bytes;
}

Result<> writeFileAtomically(const std::filesystem::path& path, std::string_view bytes) {
    LATHE_TRY(AtomicFile file, AtomicFile::create(path));
    LATHE_CHECK(file.write(bytes));
    return file.commit();
}

Result<> syncToDisk(const std::filesystem::path& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0)
        return fileError("open", path);
    // Some file systems refuse fsync on a folder (EINVAL); the rename itself is then as safe as it gets.
    if (::fsync(file.get()) != 0 && errno != EINVAL)
        return fileError("write", path);
    return {};
}

Result<> makeFolder(const std::filesystem::path& path) {
    std::error_code code;
    std::filesystem::create_directories(path, code);
    if (code)
        return fail(ErrorCode::Io, fmt::format("cannot make the folder {}: {}", path.string(), code.message()));
    return {};
}

Result<> replaceFolder(const std::filesystem::path& fresh, const std::filesystem::path& target) {
    namespace fs = std::filesystem;
    fs::path old = target;
    old += ".old";
    std::error_code code;
    fs::remove_all(old, code);
    const bool replaces = fs::exists(target, code);
    if (replaces)
        fs::rename(target, old, code);
    if (!code) {
        fs::rename(fresh, target, code);
        std::error_code ignored;
        if (code && replaces)
            fs::rename(old, target, ignored);
    }
    if (code)
        return fail(ErrorCode::Io, fmt::format("cannot put {} in its place: {}", target.string(), code.message()));
    LATHE_CHECK(syncToDisk(target.has_parent_path() ? target.parent_path() : fs::path(".")));
    fs::remove_all(old, code);
    return {};
}

std::string humanBytes(std::uint64_t bytes) {
    static constexpr std::array units{"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 999.5 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.{}f} {}", value, value < 9.95 ? 1 : 0, units[unit]);
}

std::int64_t nowMs() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::string formatTime(std::int64_t ms) {
    const std::time_t seconds = ms / 1000;
    std::tm local{};
    localtime_r(&seconds, &local);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", local.tm_year + 1900, local.tm_mon + 1, local.tm_mday,
                       local.tm_hour, local.tm_min, local.tm_sec);
}

}  // namespace lathe
