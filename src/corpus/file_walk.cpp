// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/file_walk.h"

#include <fmt/format.h>

#include <algorithm>

namespace lathe::corpus::detail {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kHeadBytes = 64;

// What systems leave beside the data of people.
bool isSystemFile(std::string_view name) {
    const std::string_view last = name.substr(name.find_last_of('/') + 1);
    return name.starts_with("__MACOSX/") || last == ".DS_Store" || last == "Thumbs.db" || last == "desktop.ini";
}

std::shared_ptr<UnpackBudget> budgetOf(const fs::path& archive) {
    std::error_code code;
    const auto size = fs::file_size(archive, code);
    return std::make_shared<UnpackBudget>(code ? 0 : static_cast<std::int64_t>(size));
}

// An error that ends the walk; any other is a matter of the one file.
bool endsAll(const Error& error) {
    return error.code == ErrorCode::Canceled || error.code == ErrorCode::Io || error.code == ErrorCode::OutOfMemory;
}

}  // namespace

bool holdsFiles(const fs::path& path) {
    std::error_code code;
    if (fs::is_directory(path, code))
        return true;
    if (!fs::is_regular_file(path, code))
        return false;
    const auto head = firstBytes(path, kHeadBytes);
    if (!head)
        return false;
    if (looksLikeGzip(*head))
        return true;
    if (!looksLikeZip(*head))
        return false;
    const auto zip = ZipArchive::open(path);
    return !zip || (*zip)->kind() != ZipKind::Workbook;
}

Result<std::unique_ptr<FileWalk>> FileWalk::open(const fs::path& path, std::int64_t textBytes,
                                                 std::function<bool()> stop) {
    std::unique_ptr<FileWalk> walk(new FileWalk(textBytes, std::move(stop)));
    std::error_code code;
    if (fs::is_directory(path, code)) {
        LATHE_CHECK(walk->enterFolder(path));
    } else {
        LATHE_TRY(const std::string head, firstBytes(path, kHeadBytes));
        if (looksLikeZip(head)) {
            LATHE_TRY(auto zip, ZipArchive::open(path));
            if (zip->kind() == ZipKind::OtherDocument)
                return fail(ErrorCode::InvalidInput,
                            fmt::format("{} is a document of an office program or an e-book; save it as plain text, "
                                        "HTML, CSV or XLSX and import that",
                                        path.filename().string()));
            walk->enterZip({path, "", nullptr}, std::move(zip), budgetOf(path), 1);
        } else {
            Level level;
            level.items.push_back({path, "", static_cast<std::int64_t>(fs::file_size(path, code)), nullptr});
            walk->m_levels.push_back(std::move(level));
        }
    }
    for (const Item& item : walk->m_levels.front().items)
        walk->m_bytesTotal += item.size;
    walk->m_fileCount = walk->m_levels.front().items.size();
    return walk;
}

Result<> FileWalk::enterFolder(const fs::path& folder) {
    Level level;
    std::error_code code;
    auto at = fs::recursive_directory_iterator(folder, code);
    if (code)
        return fail(ErrorCode::Io, fmt::format("cannot read the folder {}: {}", folder.string(), code.message()));
    for (const fs::recursive_directory_iterator end; at != end; at.increment(code)) {
        const std::string name = at->path().lexically_relative(folder).generic_string();
        if (code) {
            leaveOut(name, "the folder cannot be read: " + code.message());
            break;
        }
        if (m_stop && m_stop())
            return fail(ErrorCode::Canceled, "the import was stopped; the project is as before");
        const auto status = at->symlink_status(code);
        if (fs::is_directory(status)) {
            if (at->path().extension() == ".lathe") {
                leaveOut(name, "a project of Lathe; open it instead");
                at.disable_recursion_pending();
            }
            continue;
        }
        if (isSystemFile(name))
            continue;
        if (!fs::is_regular_file(status)) {
            leaveOut(name, fs::is_symlink(status) ? "a link; what it leads to is not followed" : "not a file");
            continue;
        }
        const auto size = at->file_size(code);
        level.items.push_back({at->path(), name, code ? 0 : static_cast<std::int64_t>(size), nullptr});
        if (level.items.size() > kMaxFiles)
            return fail(ErrorCode::InvalidInput, fmt::format("{} holds more than {} files; choose a smaller folder",
                                                             folder.string(), kMaxFiles));
    }
    std::ranges::sort(level.items, {}, &Item::name);
    m_levels.push_back(std::move(level));
    return {};
}

void FileWalk::enterZip(const FoundFile& file, std::shared_ptr<ZipArchive> zip, std::shared_ptr<UnpackBudget> budget,
                        int depth) {
    Level level;
    level.prefix = file.name.empty() ? "" : file.name + "/";
    level.depth = depth;
    level.scratch = file.scratch;
    level.budget = std::move(budget);
    for (const ZipMember& member : zip->members()) {
        if (member.isFolder || isSystemFile(member.name))
            continue;
        if (!member.problem.empty())
            leaveOut(level.prefix + member.name, member.problem);
        else
            level.items.push_back({{}, member.name, member.size, &member});
    }
    level.zip = std::move(zip);
    m_levels.push_back(std::move(level));
}

Result<std::optional<FoundFile>> FileWalk::arrive(FoundFile file, std::shared_ptr<UnpackBudget> budget, int depth) {
    const auto first = firstBytes(file.path, kHeadBytes);
    if (!first)  // one that may not be read does not keep the others out
        return fail(ErrorCode::InvalidInput, first.error().message);
    const std::string& head = *first;
    const bool isGzip = looksLikeGzip(head);
    std::shared_ptr<ZipArchive> zip;
    if (looksLikeZip(head)) {
        LATHE_TRY(zip, ZipArchive::open(file.path));
        if (zip->kind() == ZipKind::OtherDocument)
            return fail(ErrorCode::InvalidInput, "a document of an office program or an e-book, no text");
    }
    if (!isGzip && (!zip || zip->kind() == ZipKind::Workbook))
        return file;
    if (depth >= kMaxDepth)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("an archive within {} others; unpack it and import the folder", depth));
    if (!budget)
        budget = budgetOf(file.path);
    if (zip) {
        enterZip(file, std::move(zip), std::move(budget), depth + 1);
        return std::optional<FoundFile>();
    }
    FoundFile inside;
    inside.name = file.name;
    LATHE_TRY(inside.scratch, sharedScratch());
    std::string name = harmlessName(file.path.filename().string());
    if (name.size() > 3 && name.ends_with(".gz"))
        name.resize(name.size() - 3);
    inside.path = inside.scratch->path() / name;
    LATHE_TRY(const auto source, openGzip(file.path));
    LATHE_CHECK(unpackTo(*source, inside.path, *budget, file.path.filename().string(), m_textBytes, m_stop));
    return arrive(std::move(inside), std::move(budget), depth + 1);
}

Result<std::optional<FoundFile>> FileWalk::take(Level& level, const Item& item) {
    if (!item.member)
        return arrive({item.path, item.name, nullptr}, nullptr, level.depth);
    FoundFile file;
    file.name = level.prefix + item.name;
    LATHE_TRY(file.scratch, sharedScratch());
    file.path = file.scratch->path() / harmlessName(item.name);
    LATHE_TRY(const auto source, level.zip->read(*item.member));
    LATHE_CHECK(
        unpackTo(*source, file.path, *level.budget, level.zip->file().filename().string(), m_textBytes, m_stop));
    return arrive(std::move(file), level.budget, level.depth);
}

Result<std::optional<FoundFile>> FileWalk::next() {
    while (!m_levels.empty()) {
        if (m_stop && m_stop())
            return fail(ErrorCode::Canceled, "the import was stopped; the project is as before");
        if (m_levels.back().next == m_levels.back().items.size()) {
            m_levels.pop_back();
            continue;
        }
        Level& level = m_levels.back();
        const Item item = level.items[level.next++];
        const std::string name = level.prefix + item.name;
        if (m_levels.size() == 1) {
            m_bytesBefore += m_bytesPresent;
            m_bytesPresent = item.size;
        }
        auto file = take(level, item);  // may push a level: `level` is not to be used behind this
        if (!file && (endsAll(file.error()) || name.empty()))
            return fail(std::move(file.error()));
        if (!file)
            leaveOut(name, file.error().message);
        else if (*file)
            return file;
    }
    return std::optional<FoundFile>();
}

}  // namespace lathe::corpus::detail
