// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Zip archives through libzip (BSD-3): names made readable, each content checked by its CRC while it is read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "corpus/detail/unpack.h"

struct zip;

namespace lathe::corpus::detail {

struct ZipMember {
    std::string name;         ///< UTF-8; of an old archive in another encoding, converted
    std::uint64_t index = 0;  ///< in the archive
    std::int64_t size = 0;    ///< unpacked, as the archive says
    bool isFolder = false;
    std::string problem;  ///< not empty: it cannot be taken, and why (encrypted, a link, a name that leads elsewhere)
};

/// What a zip archive is beyond an archive, told from the names in it.
enum class ZipKind { Archive, Workbook, OtherDocument };

class ZipArchive {
public:
    static constexpr std::size_t kMaxMembers = 200'000;

    /// \returns Parse (broken), Io, InvalidInput (too many members).
    static Result<std::shared_ptr<ZipArchive>> open(const std::filesystem::path& file);
    ZipArchive(zip* archive, std::filesystem::path file);
    ZipArchive(const ZipArchive&) = delete;
    ZipArchive& operator=(const ZipArchive&) = delete;
    ~ZipArchive();

    const std::filesystem::path& file() const { return m_file; }
    const std::vector<ZipMember>& members() const { return m_members; }
    const ZipMember* find(std::string_view name) const;
    ZipKind kind() const;
    /// The source must not outlive the archive. \returns Parse, Unsupported (a method that is not known).
    Result<std::unique_ptr<ByteSource>> read(const ZipMember& member) const;

private:
    Result<> list();

    zip* m_zip;
    std::filesystem::path m_file;
    std::vector<ZipMember> m_members;
};

bool looksLikeZip(std::string_view head);

}  // namespace lathe::corpus::detail
