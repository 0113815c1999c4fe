// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The import of one file; folders and archives go on to import_folder.cpp.
#include <fmt/format.h>

#include <chrono>

#include "core/log.h"
#include "corpus/detail/file_walk.h"
#include "corpus/detail/import_folder.h"
#include "corpus/detail/import_run.h"
#include "corpus/importer.h"

namespace lathe::corpus {
namespace fs = std::filesystem;
namespace {

// What was chosen is never replaced by what was guessed: a wrong name is an error, not another column. Options without
// a format come from nobody's preview; there an empty name means "find it", otherwise it means "none".
ImportOptions chosenOver(ImportOptions found, const ImportOptions& options) {
    const bool complete = !options.format.empty();
    for (const ImportRole& role : importRoles()) {
        const std::string& chosen = options.*role.column;
        if (!chosen.empty() || (complete && role.column != &ImportOptions::textColumn))
            found.*role.column = chosen;
    }
    return found;
}

Result<ImportReport> importSingle(CorpusStore& store, const ImporterRegistry& registry, const fs::path& file,
                                  const ImportOptions& options, JobContext& context) {
    // Sniffs what the options leave open, and refuses folders, empty and binary files.
    LATHE_TRY(const ImportPreview preview, previewFile(registry, file, options, 0));
    const ImportOptions used = chosenOver(preview.options, options);
    LATHE_TRY(const auto reader, registry.find(used.format)->open(file, used));
    detail::Ledger ledger;
    LATHE_CHECK(ledger.load(store, used.skipDuplicates));
    ImportReport report;
    std::error_code code;
    detail::SourceImport run(store, ledger, context, report, detail::sourceOf(fs::absolute(file, code).string(), used),
                             [&](std::int64_t bytes) { context.progress(bytes, preview.fileBytes, "import"); });
    auto done = run.readAll(*reader, used, "");
    if (done)
        done = run.flush();
    if (done)
        done = run.settle();
    if (!done) {
        Error error = std::move(done.error());
        if (const auto back = run.takeBack(); !back)
            detail::addFailedTakeBack(error, back.error());
        return fail(std::move(error));
    }
    context.progress(preview.fileBytes, preview.fileBytes, "import");
    report.source = run.source();
    return report;
}

class Unpacked final : public RecordReader {
public:
    Unpacked(std::unique_ptr<RecordReader> reader, std::shared_ptr<ScratchFolder> scratch)
        : m_scratch(std::move(scratch)), m_reader(std::move(reader)) {}
    const std::vector<std::string>& columns() const override { return m_reader->columns(); }
    Result<bool> next(Record& record) override { return m_reader->next(record); }
    std::int64_t bytesRead() const override { return m_reader->bytesRead(); }
    bool grows() const override { return m_reader->grows(); }
    void stopWhen(std::function<bool()> stop) override { m_reader->stopWhen(std::move(stop)); }

private:
    std::shared_ptr<ScratchFolder> m_scratch;  // goes after the reader
    std::unique_ptr<RecordReader> m_reader;
};

}  // namespace

namespace detail {

Source sourceOf(std::string path, const ImportOptions& options) {
    Source source;
    source.path = std::move(path);
    source.format = options.format;
    source.encoding = options.encoding;
    return source;
}

void addFailedTakeBack(Error& error, const Error& back) {
    logError("corpus", "taking the import back failed: {}", back.message);
    error.message += ". What was read so far is taken out when the project is opened next";
    error.detail += "\n" + back.message;
}

}  // namespace detail

Result<ImportReport> importFile(CorpusStore& store, const ImporterRegistry& registry, const fs::path& file,
                                const ImportOptions& options, JobContext& context) {
    const auto start = std::chrono::steady_clock::now();
    auto report = detail::holdsFiles(file) ? detail::importFolder(store, registry, file, options, context)
                                           : importSingle(store, registry, file, options, context);
    if (report)
        report->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return report;
}

Result<std::unique_ptr<RecordReader>> openRecords(const ImporterRegistry& registry, const fs::path& file,
                                                  const ImportOptions& options) {
    const ImporterEntry* entry = registry.find(options.format);
    if (!entry)
        return fail(ErrorCode::InvalidInput, fmt::format("there is no importer \"{}\"", options.format));
    if (!detail::holdsFiles(file))
        return entry->open(file, options);
    LATHE_TRY(const auto walk, detail::FileWalk::open(file, 0, {}));
    LATHE_TRY(const auto first, walk->next());
    LATHE_TRY(const auto second, walk->next());
    if (!first || second || !walk->leftOut().empty())
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{} holds {} files; unpack it and choose one", file.string(), walk->fileCount()));
    LATHE_TRY(auto reader, entry->open(first->path, options));
    return std::make_unique<Unpacked>(std::move(reader), first->scratch);
}

}  // namespace lathe::corpus
