// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Where the entries of a zip archive lie in its bytes: weights that are stored uncompressed are used in place, which
// zip libraries give no way to. Nothing is unpacked, so there is no bomb to set off.
// \source PKWARE APPNOTE 6.3.10, sections 4.3 (records) and 4.5.3 (zip64)
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"

namespace lathe {

struct ZipEntry {
    std::uint64_t begin = 0;  ///< first byte of the content in the archive
    std::uint64_t size = 0;   ///< bytes there
    bool isStored = true;     ///< false: compressed or encrypted
};

/// Whether the bytes begin as an archive does.
bool looksLikeZip(std::span<const std::byte> file);
/// By name. \returns Parse: no archive, records outside of the file or of each other, a name twice, entries that
/// overlap.
Result<std::map<std::string, ZipEntry>> readZipEntries(std::span<const std::byte> file, std::string_view where);

}  // namespace lathe
