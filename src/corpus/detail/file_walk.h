// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The files of a folder or an archive one after the other, archives within archives included. One of them at a time is
// unpacked.
#pragma once

#include <optional>
#include <vector>

#include "corpus/detail/unpack.h"
#include "corpus/detail/zip_archive.h"

namespace lathe::corpus::detail {

/// A file to be read, and where it comes from.
struct FoundFile {
    std::filesystem::path path;              ///< on the disk; its name is that of the member
    std::string name;                        ///< below what is walked: "inner/a.csv"; "" for the content of a single gz
    std::shared_ptr<ScratchFolder> scratch;  ///< keeps an unpacked file until the last copy goes
};

/// Is it a folder, a zip archive or a gz file, by its content? A workbook is a file, though it is a zip archive.
bool holdsFiles(const std::filesystem::path& path);

class FileWalk {
public:
    static constexpr int kMaxDepth = 3;                  ///< archives within archives
    static constexpr std::size_t kMaxFiles = 1'000'000;  ///< in a folder
    struct LeftOut {
        std::string name;
        std::string reason;
    };

    /// \param textBytes text files are unpacked up to here (0: whole), for looking at them.
    static Result<std::unique_ptr<FileWalk>> open(const std::filesystem::path& path, std::int64_t textBytes,
                                                  std::function<bool()> stop);

    /// The next file, in the order of the names (of the members, for archives). Empty at the end. What cannot be read
    /// is left out. \returns Canceled, Io (no space to unpack).
    Result<std::optional<FoundFile>> next();
    const std::vector<LeftOut>& leftOut() const { return m_leftOut; }
    /// For files that turned out to be nothing to import.
    void leaveOut(std::string name, std::string reason) { m_leftOut.push_back({std::move(name), std::move(reason)}); }
    std::size_t fileCount() const { return m_fileCount; }         ///< at the top
    std::int64_t bytesTotal() const { return m_bytesTotal; }      ///< of the files at the top
    std::int64_t bytesBefore() const { return m_bytesBefore; }    ///< of those before the present one
    std::int64_t bytesPresent() const { return m_bytesPresent; }  ///< of the present one

private:
    struct Item {
        std::filesystem::path path;  ///< in a folder
        std::string name;
        std::int64_t size = 0;
        const ZipMember* member = nullptr;
    };
    struct Level {
        std::vector<Item> items;
        std::size_t next = 0;
        std::string prefix;
        int depth = 0;                           ///< archives that its files lie in
        std::shared_ptr<ZipArchive> zip;         ///< not set: a folder, or a gz file
        std::shared_ptr<ScratchFolder> scratch;  ///< of the archive itself
        std::shared_ptr<UnpackBudget> budget;    ///< shared by an archive and those within it
    };

    FileWalk(std::int64_t textBytes, std::function<bool()> stop) : m_textBytes(textBytes), m_stop(std::move(stop)) {}
    Result<> enterFolder(const std::filesystem::path& folder);
    void enterZip(const FoundFile& file, std::shared_ptr<ZipArchive> zip, std::shared_ptr<UnpackBudget> budget,
                  int depth);
    /// A file on the disk: taken as it is, or entered when it holds files. Empty when it was entered.
    Result<std::optional<FoundFile>> arrive(FoundFile file, std::shared_ptr<UnpackBudget> budget, int depth);
    Result<std::optional<FoundFile>> take(Level& level, const Item& item);

    std::int64_t m_textBytes;
    std::function<bool()> m_stop;
    std::vector<Level> m_levels;
    std::vector<LeftOut> m_leftOut;
    std::size_t m_fileCount = 0;
    std::int64_t m_bytesTotal = 0, m_bytesBefore = 0, m_bytesPresent = 0;
};

}  // namespace lathe::corpus::detail
