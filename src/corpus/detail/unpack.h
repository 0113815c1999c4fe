// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Unpacking without harm: what comes out of an archive is bounded by what went in, and lies in a folder that goes away.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/scratch_folder.h"

namespace lathe::corpus::detail {

/// Bytes as they come out of something packed.
class ByteSource {
public:
    virtual ~ByteSource() = default;
    /// Fills at most \p size bytes. \returns 0 at the end; Io, Parse (broken).
    virtual Result<std::size_t> read(char* into, std::size_t size) = 0;
};

/// How much may come out of an archive. Deflate packs at most 1 : 1032, real text at most about 1 : 100; a small file
/// that grows without end is a bomb.
class UnpackBudget {
public:
    static constexpr std::int64_t kFreeBytes = 64 << 20;   ///< so much is always allowed
    static constexpr std::int64_t kMaxRatio = 400;         ///< beyond that, so many times the archive's size
    static constexpr std::int64_t kMaxBytes = 64ll << 30;  ///< and this in all
    explicit UnpackBudget(std::int64_t packedBytes);
    /// \returns InvalidInput, naming \p archive, once the budget is spent.
    Result<> spend(std::int64_t bytes, std::string_view archive);

private:
    std::int64_t m_allowed;
    std::int64_t m_spent = 0;
};

/// A scratch folder that goes with the last who reads what is in it.
Result<std::shared_ptr<ScratchFolder>> sharedScratch();

/// A file name like the last part of \p member, without anything that a file system or a terminal could mistake.
std::string harmlessName(std::string_view member);

/// Writes what \p source gives into \p file, which must not exist. Text ends after \p textBytes (0: all); what is no
/// text, a workbook or a database, is unpacked whole. \returns InvalidInput (bomb), Io (full disk), Canceled.
Result<> unpackTo(ByteSource& source, const std::filesystem::path& file, UnpackBudget& budget, std::string_view name,
                  std::int64_t textBytes, const std::function<bool()>& stop);

/// The content of a gz file.
Result<std::unique_ptr<ByteSource>> openGzip(const std::filesystem::path& file);

bool looksLikeGzip(std::string_view head);
bool looksLikeSqlite(std::string_view head);
/// The first bytes of a file, at most \p size. Io.
Result<std::string> firstBytes(const std::filesystem::path& file, std::size_t size);

}  // namespace lathe::corpus::detail
