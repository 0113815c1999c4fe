// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Looking at a file before it is imported: encoding, format, columns, the first rows.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "core/files.h"
#include "corpus/detail/column_roles.h"
#include "corpus/detail/encoding.h"
#include "corpus/detail/file_walk.h"
#include "corpus/detail/html_text.h"
#include "corpus/detail/import_folder.h"
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
    if (bytes.starts_with("\xD0\xCF\x11\xE0"sv))
        return fail(
            ErrorCode::InvalidInput,
            fmt::format("{} is a binary file of an older Office (.xls, .doc), or is protected by a password; save "
                        "it as XLSX or CSV without a password and import that",
                        name));
    if (bytes.starts_with("%PDF"sv))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{} is a binary file (PDF); export its text and import that", name));
    if (bytes.size() > 262 && bytes.substr(257, 5) == "ustar"sv)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{} is a binary file (a tar archive); unpack it and import the folder", name));
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

const ImporterEntry* bestFormat(const ImporterRegistry& registry, const fs::path& file, std::string_view head,
                                bool isBinary) {
    const ImporterEntry* best = nullptr;
    int bestScore = isBinary ? 0 : -1;
    for (const ImporterEntry& entry : registry.entries()) {
        if (entry.isBinary != isBinary)
            continue;
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
    if (entry.namesRoles)
        detail::useRoleNames(preview.columns, reader->grows(), preview.options);
    else
        detail::detectRoles(preview.columns, seen, preview.options);
    if (!entry.namesRoles && reader->grows() && detail::isOwnExport(preview.columns))
        detail::expectOwnRoles(preview.columns, preview.options);
    if (seen.size() > static_cast<std::size_t>(std::max(rows, 0)))
        seen.resize(static_cast<std::size_t>(std::max(rows, 0)));
    preview.rows = std::move(seen);
    if (broken > 5)
        preview.notes.push_back(fmt::format("{} more broken rows among the first {}", broken - 5, kRoleRows));
    if (preview.columns.empty())
        preview.notes.push_back("no row could be read");
    return {};
}

std::string knownFormats(const ImporterRegistry& registry) {
    std::string names;
    for (const ImporterEntry& entry : registry.entries())
        names += (names.empty() ? "" : ", ") + entry.id;
    return names;
}

// Encoding, and the format if it is one of text. \returns the format.
Result<const ImporterEntry*> recogniseText(const ImporterRegistry& registry, const fs::path& file, bool keepsTable,
                                           const ImporterEntry* entry, ImportPreview& preview) {
    LATHE_TRY(const Head head, readHead(file, preview.options.encoding.empty()));
    if (preview.options.encoding.empty()) {
        const auto guess = detail::detectEncoding(head.telling);
        preview.options.encoding = guess.name;
        preview.encodingConfidence = guess.confidence;
        // A page says in what it is written; UTF-8 shows itself all the same, whatever the page says.
        const auto declared = detail::declaredEncoding(head.bytes);
        if (declared && !guess.name.starts_with("UTF-") && detail::convertToUtf8("", *declared, true)) {
            preview.options.encoding = *declared;
            preview.encodingConfidence = 1;
        }
    }
    const bool isWhole = preview.fileBytes <= static_cast<std::int64_t>(head.bytes.size());
    LATHE_TRY(const std::string text, detail::convertToUtf8(head.bytes, preview.options.encoding, isWhole));
    LATHE_CHECK(refuseBinary(file, head.bytes, text));
    if (const auto bad = detail::countBadBytes(text); bad > 0)
        preview.notes.push_back(fmt::format("{} bytes in the sample are not valid {}", bad, preview.options.encoding));
    const std::string_view lines = untilLastLineEnd(text, isWhole);
    if (!entry)
        entry = bestFormat(registry, file, lines, false);
    if (entry && entry->notes)
        std::ranges::move(entry->notes(lines), std::back_inserter(preview.notes));
    if (entry && !keepsTable) {
        preview.options.delimiter = detail::lowerExtension(file) == "tsv" ? '\t' : ',';
        entry->detect(lines, preview.options);
    }
    return entry;
}

// Detects what `chosen` leaves open. `keepsTable`: delimiter and header are the user's too.
Result<ImportPreview> preview(const ImporterRegistry& registry, const fs::path& file, ImportOptions chosen,
                              bool keepsTable, int rows) {
    if (detail::holdsFiles(file))
        return detail::previewFolder(registry, file, chosen, rows);
    ImportPreview preview;
    LATHE_TRY(preview.fileBytes, fileSize(file));
    if (preview.fileBytes == 0)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{} is empty; there is nothing to import", file.filename().string()));
    preview.options = std::move(chosen);
    const ImporterEntry* entry = registry.find(preview.options.format);
    if (!entry && !preview.options.format.empty())
        return fail(ErrorCode::InvalidInput, fmt::format("the format \"{}\" is not known; use {}",
                                                         preview.options.format, knownFormats(registry)));
    LATHE_TRY(const std::string bytes, detail::firstBytes(file, kHeadBytes));
    const ImporterEntry* const binary = bestFormat(registry, file, bytes, true);
    if (entry ? entry->isBinary : binary != nullptr) {
        if (entry && entry != binary)
            return fail(ErrorCode::InvalidInput, fmt::format("{} is no {}", file.filename().string(), entry->title));
        entry = binary;
        preview.options.encoding.clear();
    } else if (binary) {
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{} is a binary file: {}; import it as that, or save it as text",
                                file.filename().string(), binary->title));
    } else {
        LATHE_TRY(entry, recogniseText(registry, file, keepsTable, entry, preview));
    }
    if (!entry)
        return fail(ErrorCode::InvalidInput, fmt::format("no importer reads {}", file.filename().string()));
    preview.options.format = entry->id;
    if (!entry->units.empty() && std::ranges::find(entry->units, preview.options.unit) == entry->units.end())
        preview.options.unit = entry->units.front();
    if (entry->tables) {
        LATHE_TRY(preview.tables, entry->tables(file, preview.options, !keepsTable));
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
