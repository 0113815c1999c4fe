// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A folder that goes when the object goes.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>
#include <utility>

#include "core/result.h"

namespace lathe::cli {

class TempFolder {
public:
    /// Below TMPDIR or /tmp. \returns Io.
    static Result<TempFolder> make() {
        std::error_code code;
        std::string pattern = (std::filesystem::temp_directory_path(code) / "lathe-bench-XXXXXX").string();
        if (code || !::mkdtemp(pattern.data()))
            return fail(ErrorCode::Io, "no temporary folder can be made; set TMPDIR to a place with room");
        return TempFolder(pattern);
    }
    TempFolder(TempFolder&& other) noexcept : m_path(std::exchange(other.m_path, {})) {}
    TempFolder& operator=(TempFolder&& other) noexcept {
        std::swap(m_path, other.m_path);
        return *this;
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder() {
        std::error_code ignored;
        if (!m_path.empty())
            std::filesystem::remove_all(m_path, ignored);
    }
    const std::filesystem::path& path() const { return m_path; }

private:
    explicit TempFolder(std::filesystem::path path) : m_path(std::move(path)) {}
    std::filesystem::path m_path;
};

}  // namespace lathe::cli
