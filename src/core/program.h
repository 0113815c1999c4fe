// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Where the running program lies, what lies beside it, and what the system says of itself in /proc. Thread: any.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/result.h"

namespace lathe {

/// The folder of the running program; the current folder where the system does not say.
std::filesystem::path programFolder();
/// The demo corpus and other files beside the program: $LATHE_RESOURCES, then ../share/lathe, then the source tree's.
/// \returns NotFound with the places looked at.
Result<std::filesystem::path> findResources();

/// A file of /proc, whole: the system gives its size as 0 until it is read. Empty when there is no such file.
std::string readSystemFile(const char* path);
/// The value behind the first "KEY :" of such a text, up to the line's end; empty when there is none.
std::string systemField(std::string_view text, std::string_view key);

/// Bytes that this process can still use: what the system has free, or the container's limit leaves. 0 = not known.
std::uint64_t availableMemory();

}  // namespace lathe
