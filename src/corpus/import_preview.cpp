// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Looking at a file before it is imported: encoding, format, columns, the first rows.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "core/files.h"
#include "corpus/detail/column_roles.h"
#include "corpus/detail/encoding.h"
#include "corpus/importer.h"

namespace lathe::corpus {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kHeadBytes = 64 * 1024;
constexpr std::int64_t kLookAheadBytes = 256 << 20;
constexpr int kRoleRows = 200;

Result<std::int64_t> fileSize(const fs::path& file) {
    std::error_code code;
    if (!fs::exists(file, code))
        return fail(ErrorCode::NotFound, fmt::format("{} does not exist; check the name", file.string()));
    if (fs::is_directory(file, code))
        return fail(ErrorCode::InvalidInput, fmt::format("{} is a folder; choose a file in it", file.string()));
    if (!fs::is_regular_file(file, code))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{} is a pipe or a device; write it to a file and import that", file.string()));
    const auto size = fs::file_size(file, code);
    if (code)
        return fail(ErrorCode::Io, fmt::format("cannot read {}: {}", file.string(), code.message()));
    return static_cast<std::int64_t>(size);
}

struct Head {
    std::string bytes;    ///< the file's beginning
    std::string telling;  ///< where the first bytes are that tell encodings apart; the beginning when there are none
};

bool isAscii(std::string_view bytes) {
    return std::ranges::all_of(bytes, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

Result<Head> readHead(const fs::path& file, bool findsEncoding) {
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return fail(ErrorCode::Io, fmt::format("cannot open {}; check that you may read it", file.string()));
    const auto read = [&in] {
        std::string piece(kHeadBytes, '\0');
        in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        piece.resize(static_cast<std::size_t>(in.gcount()));
        return piece;
    };
    Head head;
    head.bytes = read();
    head.telling = head.bytes;
    // A long English beginning says nothing of how the Chinese that follows is written.
    std::int64_t seen = static_cast<std::int64_t>(head.bytes.size());
    const bool plain = findsEncoding && isAscii(head.bytes) && head.bytes.find('\0') == std::string::npos;
    while (plain && isAscii(head.telling) && in && seen < kLookAheadBytes) {
        std::string piece = read();
        seen += static_cast<std::int64_t>(piece.size());
        if (const auto high = std::ranges::find_if(piece, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
            high != piece.end()) {
            piece.erase(piece.begin(), high);
            piece += read();
            head.telling = std::move(piece);
        }
    }
    return head;
}

Result<> refuseBinary(const fs::path& file, std::string_view bytes, std::string_view text) {
    using namespace std::string_view_literals;
    const std::string name = file.filename().string();
    if (bytes.starts_with("PK\x03\x04"sv))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{} is a zip archive or an Excel workbook, a binary file; save the "
                                "table as CSV and import that",
                                name));
    if (bytes.starts_with("%PDF"sv) || bytes.starts_with("\xD0\xCF\x11\xE0"sv) || bytes.starts_with("\x1F\x8B"sv))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{} is a binary file (PDF, Office or gzip); export its text and import that", name));
    if (const auto zero = text.find('\0'); zero != std::string_view::npos)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{} is a binary file (a zero byte {}); choose a text file", name,
                                zero == 0 ? "at its very beginning" : "within its first lines"));
    return {};
}

std::string_view untilLastLineEnd(std::string_view text, bool isWhole) {
    const auto end = text.find_last_of("\r\n");
    return isWhole || end == std::string_view::npos ? text : text.substr(0, end + 1);
}

const ImporterEntry* bestFormat(const ImporterRegistry& registry, const fs::path& file, std::string_view head) {
    const ImporterEntry* best = nullptr;
    int bestScore = -1;
    for (const ImporterEntry& entry : registry.entries()) {
        const int score = entry.sniff(file, head);
        if (score > bestScore) {
            bestScore = score;
            best = &entry;
        }
    }
    return best;
}

Result<> readRows(const ImporterEntry& entry, const fs::path& file, int rows, ImportPreview& preview) {
    LATHE_TRY(const auto reader, entry.open(file, preview.options));
    std::vector<std::vector<std::string>> seen;
    Record record;
    int broken = 0;
    for (int i = 0; i < std::max(rows, kRoleRows); ++i) {
        LATHE_TRY(const bool any, reader->next(record));
        if (!any)
            break;
        if (record.error.empty())
            seen.push_back(record.cells);
        else if (++broken <= 5)
            preview.notes.push_back(fmt::format("line {}: {}", record.line, record.error));
    }
    preview.columns = reader->columns();
    for (auto& cells : seen)
        cells.resize(preview.columns.size());
    detail::detectRoles(preview.columns, seen, preview.options);
    if (seen.size() > static_cast<std::size_t>(std::max(rows, 0)))
        seen.resize(static_cast<std::size_t>(std::max(rows, 0)));
    preview.rows = std::move(seen);
    if (broken > 5)
        preview.notes.push_back(fmt::format("{} more broken rows among the first {}", broken - 5, kRoleRows));
    if (preview.columns.empty())
        preview.notes.push_back("no row could be read");
    return {};
}

// Detects what `chosen` leaves open. `keepsTable`: delimiter and header are the user's too.
Result<ImportPreview> preview(const ImporterRegistry& registry, const fs::path& file, ImportOptions chosen,
                              bool keepsTable, int rows) {
    ImportPreview preview;
    LATHE_TRY(preview.fileBytes, fileSize(file));
    LATHE_TRY(const Head head, readHead(file, chosen.encoding.empty()));
    if (head.bytes.empty())
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{} is empty; there is nothing to import", file.filename().string()));
    preview.options = std::move(chosen);
    if (preview.options.encoding.empty()) {
        const auto guess = detail::detectEncoding(head.telling);
        preview.options.encoding = guess.name;
        preview.encodingConfidence = guess.confidence;
    }
    const bool isWhole = preview.fileBytes <= static_cast<std::int64_t>(head.bytes.size());
    LATHE_TRY(const std::string text, detail::convertToUtf8(head.bytes, preview.options.encoding, isWhole));
    LATHE_CHECK(refuseBinary(file, head.bytes, text));
    if (const auto bad = detail::countBadBytes(text); bad > 0)
        preview.notes.push_back(fmt::format("{} bytes in the sample are not valid {}", bad, preview.options.encoding));

    const std::string_view lines = untilLastLineEnd(text, isWhole);
    const ImporterEntry* entry =
        preview.options.format.empty() ? bestFormat(registry, file, lines) : registry.find(preview.options.format);
    if (!entry)
        return fail(ErrorCode::InvalidInput, fmt::format("the format \"{}\" is not known; use csv, jsonl, json or text",
                                                         preview.options.format));
    preview.options.format = entry->id;
    if (!keepsTable) {
        preview.options.delimiter = detail::lowerExtension(file) == "tsv" ? '\t' : ',';
        entry->detect(lines, preview.options);
    }
    LATHE_CHECK(readRows(*entry, file, rows, preview));
    return preview;
}

}  // namespace

Result<ImportPreview> previewFile(const ImporterRegistry& registry, const fs::path& file, int rows) {
    return preview(registry, file, {}, false, rows);
}

Result<ImportPreview> previewFile(const ImporterRegistry& registry, const fs::path& file, const ImportOptions& options,
                                  int rows) {
    // Options without a format were never filled by a preview: their delimiter and header are nobody's choice.
    return preview(registry, file, options, !options.format.empty(), rows);
}

}  // namespace lathe::corpus
