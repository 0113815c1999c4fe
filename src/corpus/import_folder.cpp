// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/import_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "corpus/detail/column_roles.h"
#include "corpus/detail/encoding.h"
#include "corpus/detail/file_walk.h"
#include "corpus/detail/import_run.h"

namespace lathe::corpus::detail {
namespace fs = std::filesystem;
namespace {

/// A text file is unpacked up to here for the preview.
constexpr std::int64_t kPreviewBytes = 64 << 20;
constexpr std::size_t kShownLeftOut = 5;

bool isMatterOfOneFile(const Error& error) {
    return error.code == ErrorCode::InvalidInput || error.code == ErrorCode::Parse ||
           error.code == ErrorCode::Unsupported || error.code == ErrorCode::NotFound;
}

FixedCells placeOf(const std::string& name) {
    const std::size_t slash = name.find_last_of('/');
    const std::string folder = slash == std::string::npos ? "" : name.substr(0, slash);
    return {{"file", "folder"}, {name, folder.substr(folder.find_last_of('/') + 1)}};
}

bool isFileASample(const ImporterRegistry& registry, const ImportOptions& options) {
    const ImporterEntry* entry = registry.find(options.format);
    return entry && options.unit == TextUnit::File && !entry->units.empty();
}

// The columns that only a folder has; no preview of a single file knows them.
void takeFolderRoles(const ImportOptions& chosen, ImportOptions& options) {
    for (const auto role : {&ImportOptions::labelColumn, &ImportOptions::splitColumn})
        if (chosen.*role == "folder" || chosen.*role == "file")
            options.*role = chosen.*role;
}

/// The way of reading that was chosen for the file that was shown, for another file with the same ending.
Result<ImportOptions> optionsFor(const ImporterRegistry& registry, const fs::path& file, const ImportOptions& shown,
                                 bool isAlike) {
    if (!isAlike || shown.format.empty()) {
        LATHE_TRY(const auto found, previewFile(registry, file, 0));
        ImportOptions options = found.options;
        options.split = shown.split;
        options.skipDuplicates = shown.skipDuplicates;
        // "A file is a sample" is said of the folder, whatever its files are.
        const auto& units = registry.find(options.format)->units;
        if (isFileASample(registry, shown) && std::ranges::find(units, TextUnit::File) != units.end()) {
            options.unit = TextUnit::File;
            takeFolderRoles(shown, options);
        }
        return options;
    }
    ImportOptions asked = shown;
    // UTF-8 and UTF-16 show themselves; for the others the person's choice is better than a guess from one short file.
    asked.encoding.clear();
    LATHE_TRY(auto found, previewFile(registry, file, asked, 0));
    if (!found.options.encoding.starts_with("UTF-") && !shown.encoding.starts_with("UTF-") && !shown.encoding.empty()) {
        asked.encoding = shown.encoding;
        LATHE_TRY(found, previewFile(registry, file, asked, 0));
    }
    // Roles that were chosen as "none" stay none.
    ImportOptions options = found.options;
    for (const ImportRole& role : importRoles())
        if (role.column != &ImportOptions::textColumn && (shown.*role.column).empty())
            (options.*role.column).clear();
    if (isFileASample(registry, options))
        takeFolderRoles(shown, options);
    return options;
}

class FolderImport {
public:
    FolderImport(CorpusStore& store, const ImporterRegistry& registry, const fs::path& folder,
                 const ImportOptions& options, JobContext& context, FileWalk& walk)
        : m_store(store),
          m_registry(registry),
          m_folder(folder),
          m_options(options),
          m_context(context),
          m_walk(walk) {}

    Result<> run();
    Result<> takeBack();
    ImportReport& report() { return m_report; }

private:
    Result<> take(const FoundFile& file);
    Result<> takeAsSource(const FoundFile& file, const ImportOptions& options, RecordReader& reader);
    SourceImport& add(std::string path, const ImportOptions& options);

    CorpusStore& m_store;
    const ImporterRegistry& m_registry;
    const fs::path& m_folder;
    const ImportOptions& m_options;
    JobContext& m_context;
    FileWalk& m_walk;
    Ledger m_ledger;
    ImportReport m_report;
    std::deque<SourceImport> m_sources;
    SourceImport* m_texts = nullptr;  ///< of the files that are a sample each
    std::string m_shownExtension;
    bool m_isFirst = true;
    std::int64_t m_presentBytes = 0;  ///< of the file that is read, on the disk
};

SourceImport& FolderImport::add(std::string path, const ImportOptions& options) {
    return m_sources.emplace_back(
        m_store, m_ledger, m_context, m_report, sourceOf(std::move(path), options), [this](std::int64_t bytes) {
            const double share = m_presentBytes > 0 ? static_cast<double>(std::min(bytes, m_presentBytes)) /
                                                          static_cast<double>(m_presentBytes)
                                                    : 0.0;
            const auto inside = static_cast<std::int64_t>(share * static_cast<double>(m_walk.bytesPresent()));
            m_context.progress(m_walk.bytesBefore() + inside, m_walk.bytesTotal(), "import");
        });
}

Result<> FolderImport::takeAsSource(const FoundFile& file, const ImportOptions& options, RecordReader& reader) {
    const ImportReport before = m_report;
    const fs::path path = file.name.empty() ? m_folder : m_folder / fs::path(file.name);
    SourceImport& source = add(path.string(), options);
    auto done = source.readAll(reader, options, file.name);
    if (done)
        done = source.flush();
    if (done || !isMatterOfOneFile(done.error()) || file.name.empty())
        return done;
    // One broken file does not keep the others out: its rows go, and what was known before it is known again.
    LATHE_CHECK(source.takeBack());
    m_sources.pop_back();
    m_report = before;
    if (m_texts)
        LATHE_CHECK(m_texts->flush());
    m_ledger = Ledger();
    LATHE_CHECK(m_ledger.load(m_store, m_options.skipDuplicates));
    return done;
}

Result<> FolderImport::take(const FoundFile& file) {
    const std::string extension = lowerExtension(file.path);
    const bool isAlike = m_isFirst || extension == m_shownExtension;
    LATHE_TRY(const ImportOptions options, optionsFor(m_registry, file.path, m_options, isAlike));
    LATHE_TRY(const auto reader, m_registry.find(options.format)->open(file.path, options));
    if (std::exchange(m_isFirst, false))
        m_shownExtension = extension;
    std::error_code code;
    m_presentBytes = static_cast<std::int64_t>(fs::file_size(file.path, code));
    if (!isFileASample(m_registry, options))
        return takeAsSource(file, options, *reader);
    if (!m_texts)
        m_texts = &add(m_folder.string(), options);
    return m_texts->readAll(*reader, options, file.name, placeOf(file.name));
}

Result<> FolderImport::run() {
    LATHE_CHECK(m_ledger.load(m_store, m_options.skipDuplicates));
    m_report.files = 0;
    for (;;) {
        LATHE_TRY(const auto file, m_walk.next());
        if (!file)
            break;
        const auto taken = take(*file);
        if (taken) {
            ++m_report.files;
            continue;
        }
        if (!isMatterOfOneFile(taken.error()) || file->name.empty())
            return fail(taken.error());
        m_walk.leaveOut(file->name, taken.error().message);
    }
    for (const FileWalk::LeftOut& one : m_walk.leftOut())
        addIssue(m_report, {0, one.reason, "", one.name, false});
    m_report.leftOut = static_cast<std::int64_t>(m_walk.leftOut().size());
    if (m_texts)
        LATHE_CHECK(m_texts->flush());
    for (SourceImport& source : m_sources) {
        LATHE_CHECK(source.settle());
        if (m_report.source == 0)
            m_report.source = source.source();
    }
    m_context.progress(m_walk.bytesTotal(), m_walk.bytesTotal(), "import");
    return {};
}

Result<> FolderImport::takeBack() {
    for (SourceImport& source : m_sources)
        LATHE_CHECK(source.takeBack());
    return {};
}

// Where a file is a sample, the preview's rows are files, and their names are columns.
Result<> addMoreFiles(const ImporterRegistry& registry, FileWalk& walk, int rows, const std::string& extension,
                      ImportPreview& preview) {
    const auto withPlace = [&](const std::string& name, std::vector<std::string> cells) {
        const FixedCells place = placeOf(name);
        cells.resize(preview.columns.size() - 2);
        cells.insert(cells.end(), place.cells.begin(), place.cells.end());
        return cells;
    };
    preview.columns.insert(preview.columns.end(), {"file", "folder"});
    for (auto& row : preview.rows)
        row = withPlace(preview.member, std::move(row));
    while (static_cast<int>(preview.rows.size()) < rows) {
        LATHE_TRY(const auto file, walk.next());
        if (!file)
            break;
        if (lowerExtension(file->path) != extension)
            continue;
        const auto reader = registry.find(preview.options.format)->open(file->path, preview.options);
        Record record;
        if (!reader || !(*reader)->next(record).value_or(false) || !record.error.empty())
            continue;
        preview.rows.push_back(withPlace(file->name, record.cells));
    }
    return {};
}

}  // namespace

Result<ImportPreview> previewFolder(const ImporterRegistry& registry, const fs::path& folder,
                                    const ImportOptions& chosen, int rows) {
    LATHE_TRY(const auto walk, FileWalk::open(folder, kPreviewBytes, {}));
    for (;;) {
        LATHE_TRY(const auto file, walk->next());
        if (!file)
            break;
        auto found = chosen.format.empty() && chosen.encoding.empty() ? previewFile(registry, file->path, rows)
                                                                      : previewFile(registry, file->path, chosen, rows);
        if (!found) {
            if (!isMatterOfOneFile(found.error()) || file->name.empty())
                return found;
            walk->leaveOut(file->name, found.error().message);
            continue;
        }
        ImportPreview preview = std::move(*found);
        preview.member = file->name;
        preview.fileBytes = walk->bytesTotal();
        if (isFileASample(registry, preview.options) && !file->name.empty()) {
            LATHE_CHECK(addMoreFiles(registry, *walk, rows, lowerExtension(file->path), preview));
            takeFolderRoles(chosen, preview.options);
        }
        if (!file->name.empty())
            preview.notes.insert(preview.notes.begin(),
                                 fmt::format("{} files; {} is shown, and those with the same ending are read like it",
                                             walk->fileCount(), file->name));
        for (const FileWalk::LeftOut& one : walk->leftOut())
            if (preview.notes.size() < kShownLeftOut)
                preview.notes.push_back(fmt::format("{} is left out: {}", one.name, one.reason));
        return preview;
    }
    const auto& leftOut = walk->leftOut();
    if (leftOut.empty())
        return fail(ErrorCode::InvalidInput, fmt::format("{} holds no files", folder.string()));
    return fail(ErrorCode::InvalidInput,
                fmt::format("none of the {} files in {} can be imported; {}: {}", walk->fileCount(),
                            folder.filename().string(), leftOut.front().name, leftOut.front().reason));
}

Result<ImportReport> importFolder(CorpusStore& store, const ImporterRegistry& registry, const fs::path& folder,
                                  const ImportOptions& options, JobContext& context) {
    std::error_code code;
    const fs::path whole = fs::absolute(folder, code).lexically_normal();
    LATHE_TRY(const auto walk, FileWalk::open(whole, 0, [&] { return context.stopRequested(); }));
    FolderImport import(store, registry, whole, options, context, *walk);
    if (auto done = import.run(); !done) {
        Error error = std::move(done.error());
        if (const auto back = import.takeBack(); !back)
            addFailedTakeBack(error, back.error());
        return fail(std::move(error));
    }
    ImportReport& report = import.report();
    if (report.files == 0 && !walk->leftOut().empty())
        return fail(ErrorCode::InvalidInput, fmt::format("none of the {} files in {} can be imported; {}: {}",
                                                         walk->fileCount(), whole.filename().string(),
                                                         walk->leftOut().front().name, walk->leftOut().front().reason));
    return std::move(report);
}

}  // namespace lathe::corpus::detail
