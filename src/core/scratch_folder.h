// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A folder of its own among the system's temporary ones, removed with all that is in it. Thread: any.
#pragma once

#include <filesystem>
#include <string_view>
#include <utility>

#include "core/result.h"

namespace lathe {

class ScratchFolder {
public:
    /// Below TMPDIR or /tmp. \param purpose a word in its name ("import"). \returns Io.
    static Result<ScratchFolder> make(std::string_view purpose);
    ScratchFolder(ScratchFolder&& other) noexcept : m_path(std::exchange(other.m_path, {})) {}
    ScratchFolder& operator=(ScratchFolder&& other) noexcept {
        std::swap(m_path, other.m_path);
        return *this;
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder();
    const std::filesystem::path& path() const { return m_path; }

private:
    explicit ScratchFolder(std::filesystem::path path) : m_path(std::move(path)) {}
    std::filesystem::path m_path;  ///< empty: moved from
};

}  // namespace lathe
