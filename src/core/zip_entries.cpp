// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/zip_entries.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>
#include <vector>

namespace lathe {
namespace {

static_assert(std::endian::native == std::endian::little, "zip records are little-endian");
constexpr std::uint32_t kLocal = 0x04034b50, kCentral = 0x02014b50, kEnd = 0x06054b50;
constexpr std::uint32_t kEnd64 = 0x06064b50, kLocator64 = 0x07064b50;
constexpr std::uint64_t kLocalBytes = 30, kCentralBytes = 46, kEndBytes = 22, kEnd64Bytes = 56, kLocatorBytes = 20;
constexpr std::uint64_t kMaxComment = 0xffff;
constexpr std::uint32_t kIn64 = 0xffffffff;
constexpr std::uint16_t kEncrypted = 1, kZip64Extra = 1;

/// Reads records; every access is checked against the file's size.
class Archive {
public:
    explicit Archive(std::span<const std::byte> file) : m_file(file) {}

    std::uint64_t size() const { return m_file.size(); }
    bool has(std::uint64_t at, std::uint64_t bytes) const { return at <= size() && bytes <= size() - at; }
    /// The caller has asked has().
    template <class T>
    T get(std::uint64_t at) const {
        T value;
        std::memcpy(&value, m_file.data() + at, sizeof value);
        return value;
    }
    bool starts(std::uint64_t at, std::uint32_t signature, std::uint64_t bytes) const {
        return has(at, bytes) && get<std::uint32_t>(at) == signature;
    }
    std::string text(std::uint64_t at, std::uint64_t bytes) const {
        return {reinterpret_cast<const char*>(m_file.data()) + at, bytes};
    }

private:
    std::span<const std::byte> m_file;
};

struct Directory {
    std::uint64_t begin = 0, bytes = 0, count = 0;
};

std::optional<Directory> findDirectory(const Archive& archive) {
    if (archive.size() < kEndBytes)
        return std::nullopt;
    const std::uint64_t last = archive.size() - kEndBytes;
    const std::uint64_t first = last > kMaxComment ? last - kMaxComment : 0;
    for (std::uint64_t at = last + 1; at-- > first;) {
        if (!archive.starts(at, kEnd, kEndBytes) || archive.get<std::uint16_t>(at + 20) != last - at)
            continue;
        Directory directory{archive.get<std::uint32_t>(at + 16), archive.get<std::uint32_t>(at + 12),
                            archive.get<std::uint16_t>(at + 10)};
        if (at >= kLocatorBytes && archive.starts(at - kLocatorBytes, kLocator64, kLocatorBytes)) {
            const auto end64 = archive.get<std::uint64_t>(at - kLocatorBytes + 8);
            if (!archive.starts(end64, kEnd64, kEnd64Bytes))
                return std::nullopt;
            directory = {archive.get<std::uint64_t>(end64 + 48), archive.get<std::uint64_t>(end64 + 40),
                         archive.get<std::uint64_t>(end64 + 32)};
        }
        if (directory.begin > at || directory.bytes > at - directory.begin)
            return std::nullopt;
        return directory;
    }
    return std::nullopt;
}

struct Record {
    std::string name;
    ZipEntry entry;
    std::uint64_t bytes = 0;  ///< of the record itself
};

/// The 64-bit values of the extra field, for what is marked as too large for 32 bits, in the format's order.
bool widen(const Archive& archive, std::uint64_t extra, std::uint64_t extraEnd,
           std::span<std::uint64_t* const> values) {
    while (extraEnd - extra >= 4) {
        const auto id = archive.get<std::uint16_t>(extra), length = archive.get<std::uint16_t>(extra + 2);
        extra += 4;
        if (length > extraEnd - extra)
            return false;
        if (id != kZip64Extra) {
            extra += length;
            continue;
        }
        std::uint64_t at = extra;
        for (std::uint64_t* value : values) {
            if (*value != kIn64)
                continue;
            if (at + 8 > extra + length)
                return false;
            *value = archive.get<std::uint64_t>(at);
            at += 8;
        }
        return true;
    }
    return std::ranges::none_of(values, [](const std::uint64_t* value) { return *value == kIn64; });
}

std::optional<Record> readRecord(const Archive& archive, std::uint64_t at, const Directory& directory) {
    if (!archive.starts(at, kCentral, kCentralBytes))
        return std::nullopt;
    const std::uint64_t name = archive.get<std::uint16_t>(at + 28), extra = archive.get<std::uint16_t>(at + 30);
    Record record;
    record.bytes = kCentralBytes + name + extra + archive.get<std::uint16_t>(at + 32);
    if (record.bytes > directory.begin + directory.bytes - at)
        return std::nullopt;
    record.name = archive.text(at + kCentralBytes, name);
    std::uint64_t packed = archive.get<std::uint32_t>(at + 20), plain = archive.get<std::uint32_t>(at + 24);
    std::uint64_t local = archive.get<std::uint32_t>(at + 42);
    const std::uint64_t extraBegin = at + kCentralBytes + name;
    if (!widen(archive, extraBegin, extraBegin + extra, std::array{&plain, &packed, &local}))
        return std::nullopt;
    record.entry.isStored = archive.get<std::uint16_t>(at + 10) == 0 && packed == plain &&
                            (archive.get<std::uint16_t>(at + 8) & kEncrypted) == 0;
    record.entry.size = packed;
    if (!archive.starts(local, kLocal, kLocalBytes))
        return std::nullopt;
    record.entry.begin =
        local + kLocalBytes + archive.get<std::uint16_t>(local + 26) + archive.get<std::uint16_t>(local + 28);
    if (record.entry.begin > directory.begin || record.entry.size > directory.begin - record.entry.begin)
        return std::nullopt;
    return record;
}

bool overlap(const std::map<std::string, ZipEntry>& entries) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
    ranges.reserve(entries.size());
    for (const auto& [name, entry] : entries)
        ranges.emplace_back(entry.begin, entry.begin + entry.size);
    std::ranges::sort(ranges);
    for (std::size_t i = 1; i < ranges.size(); ++i)
        if (ranges[i].first < ranges[i - 1].second)
            return true;
    return false;
}

}  // namespace

bool looksLikeZip(std::span<const std::byte> file) {
    return Archive(file).starts(0, kLocal, kLocalBytes) || Archive(file).starts(0, kEnd, kEndBytes);
}

Result<std::map<std::string, ZipEntry>> readZipEntries(std::span<const std::byte> file, std::string_view where) {
    const auto broken = [&](std::string_view why) {
        return fail(ErrorCode::Parse, fmt::format("{} is not a whole zip archive: {}; get the file again", where, why));
    };
    const Archive archive(file);
    const auto directory = findDirectory(archive);
    if (!directory)
        return broken("its directory is missing or lies outside of the file");
    std::map<std::string, ZipEntry> entries;
    std::uint64_t at = directory->begin;
    for (std::uint64_t i = 0; i < directory->count; ++i) {
        auto record = readRecord(archive, at, *directory);
        if (!record)
            return broken(fmt::format("entry {} of its directory is broken", i));
        at += record->bytes;
        const auto [added, isNew] = entries.try_emplace(std::move(record->name), record->entry);
        if (!isNew)
            return broken(fmt::format("\"{}\" is in it twice", added->first.substr(0, 200)));
    }
    if (overlap(entries))
        return broken("two of its entries overlap");
    return entries;
}

}  // namespace lathe
