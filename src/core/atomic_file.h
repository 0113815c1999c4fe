// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A file that appears whole or not at all: written beside its target, then renamed. For content that is written piece
// by piece; writeFileAtomically takes what is in memory already. Thread: any, one at a time.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

#include "core/result.h"

namespace lathe {

class AtomicFile {
public:
    /// \returns Io.
    static Result<AtomicFile> create(const std::filesystem::path& target);
    AtomicFile(AtomicFile&& other) noexcept;
    AtomicFile& operator=(AtomicFile&&) = delete;
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;
    /// Without commit() the target stays as it was and nothing is left beside it.
    ~AtomicFile();

    /// \returns Io: says when the disk is full.
    Result<> write(std::span<const std::byte> bytes);
    Result<> write(std::string_view bytes) { return write(std::as_bytes(std::span(bytes))); }
    /// fsync, rename, fsync of the folder. Nothing can be written afterwards. \returns Io.
    Result<> commit();

private:
    AtomicFile(std::filesystem::path target, std::filesystem::path temporary, int fd)
        : m_target(std::move(target)), m_temporary(std::move(temporary)), m_fd(fd) {}

    std::filesystem::path m_target, m_temporary;
    int m_fd = -1;
};

}  // namespace lathe
