// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A read-only memory map of a whole file.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "core/result.h"

namespace lathe {

/// Thread: any, once opened. The bytes stay valid as long as the object lives.
class MappedFile {
public:
    MappedFile() = default;
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;
    ~MappedFile();

    /// \returns NotFound, Io. An empty file gives an empty span.
    static Result<MappedFile> open(const std::filesystem::path& path);
    std::span<const std::byte> bytes() const { return {m_data, m_size}; }
    const char* chars() const { return reinterpret_cast<const char*>(m_data); }
    std::size_t size() const { return m_size; }
    /// Gives the memory behind the whole pages of that range back to the system; they are read again when touched.
    void release(std::size_t begin, std::size_t size) const;

private:
    const std::byte* m_data = nullptr;
    std::size_t m_size = 0;
};

}  // namespace lathe
