// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A file that is written piece by piece and appears whole or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/result.h"

namespace lathe::corpus::detail {

class AtomicFile {
public:
    /// Makes a temporary file beside \p path. \returns Io.
    static Result<AtomicFile> create(const std::filesystem::path& path);
    AtomicFile(AtomicFile&& other) noexcept;
    AtomicFile& operator=(AtomicFile&&) = delete;
    ~AtomicFile();  ///< without commit() the temporary file goes

    Result<> write(std::string_view bytes);
    /// fsync and rename. \returns Io.
    Result<> commit();

private:
    AtomicFile() = default;
    std::filesystem::path m_path, m_temporary;
    std::string m_buffer;
    int m_fd = -1;

    Result<> flush();
    tl::unexpected<Error> ioError() const;
};

}  // namespace lathe::corpus::detail
