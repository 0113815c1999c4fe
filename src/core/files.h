// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Small file helpers with Results: bounded reads and atomic writes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/result.h"

namespace lathe {

/// Io for \p path with errno's words and what to do about it: "cannot write x: No space left on device; free ...".
tl::unexpected<Error> fileError(const char* what, const std::filesystem::path& path);
/// \returns NotFound, Io, or InvalidInput when the file is larger than \p maxBytes (nothing is read then).
Result<std::string> readFile(const std::filesystem::path& path, std::uintmax_t maxBytes);
/// Temporary file beside \p path, fsync, rename: after a crash there is the old file or the new one.
Result<> writeFileAtomically(const std::filesystem::path& path, std::string_view bytes);
/// fsync of a file or a folder that was written by other means. \returns Io.
Result<> syncToDisk(const std::filesystem::path& path);
Result<> makeFolder(const std::filesystem::path& path);
/// Puts \p fresh in the place of \p target; until then the old folder stays whole. \returns Io.
Result<> replaceFolder(const std::filesystem::path& fresh, const std::filesystem::path& target);
/// "2.4 GB"; decimal units, as disks are sold and Qt shows them.
std::string humanBytes(std::uint64_t bytes);
/// Milliseconds since 1970, UTC.
std::int64_t nowMs();
/// "2026-11-21 14:03:22" in local time.
std::string formatTime(std::int64_t ms);

}  // namespace lathe
