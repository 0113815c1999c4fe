// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reading text files into a project: sniff, preview, import. One file in importers/ per format.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/job_context.h"
#include "core/registry.h"
#include "core/result.h"
#include "corpus/project.h"
#include "corpus/types.h"

namespace lathe::corpus {

/// How a file is read; filled by sniff(), changed in the import dialog or by --text, --label.
struct ImportOptions {
    std::string format;          ///< importer id: csv, jsonl, json, text
    std::string encoding;        ///< ICU converter name: "UTF-8", "GB18030", "UTF-16LE" ...
    char delimiter = ',';        ///< csv
    bool header = true;          ///< csv
    std::string textColumn;      ///< column name, or "column 2" without a header
    std::string labelColumn;     ///< empty = none; a cell is a label, or a JSON list of any number of them
    std::string ratingColumn;    ///< numbers; empty = none
    std::string spansColumn;     ///< JSON lists of labelled parts, in code points; empty = none
    std::string answerColumn;    ///< empty = none
    std::string splitColumn;     ///< empty = none
    Split split = Split::None;   ///< for all rows, when there is no split column
    bool skipDuplicates = true;  ///< rows whose text is in the project already (same label) are counted, not added
};

/// What the dialog shows before anything is imported.
struct ImportPreview {
    ImportOptions options;                       ///< as detected
    double encodingConfidence = 1;               ///< 0..1
    std::vector<std::string> columns;            ///< names in file order ("column 1" ... without a header)
    std::vector<std::vector<std::string>> rows;  ///< first rows, a cell per column, UTF-8
    std::int64_t fileBytes = 0;
    std::vector<std::string> notes;  ///< e.g. "3 bytes in the sample are not valid GB18030"
};

struct ImportIssue {
    std::int64_t line = 0;  ///< 1-based
    std::string reason;
    std::string text;  ///< the row's beginning, at most 200 bytes
};

struct ImportReport {
    SourceId source = 0;
    std::int64_t rows = 0;        ///< records seen
    std::int64_t taken = 0;       ///< samples added
    std::int64_t labelled = 0;    ///< of them with a label
    std::int64_t duplicates = 0;  ///< not added, already there
    std::int64_t rejected = 0;
    std::vector<ImportIssue> issues;  ///< the first 1000
    double seconds = 0;
};

/// One record as a format's reader yields it. Cells are UTF-8, valid.
struct Record {
    std::int64_t line = 0;
    std::vector<std::string> cells;  ///< parallel to the reader's columns()
    std::string error;               ///< not empty: the row is broken, cells are what could be read
};

/// Streams records; holds no more than one record and a buffer. A record longer than kMaxRecordBytes is an error
/// record.
class RecordReader {
public:
    virtual ~RecordReader() = default;
    virtual const std::vector<std::string>& columns() const = 0;
    /// \returns false at the end. `record` is overwritten.
    virtual Result<bool> next(Record& record) = 0;
    virtual std::int64_t bytesRead() const = 0;
};

inline constexpr std::int64_t kMaxRecordBytes = 16 << 20;

struct ImporterEntry {
    std::string id;                       ///< "csv"
    std::string title;                    ///< "Table (CSV, TSV)"
    std::vector<std::string> extensions;  ///< "csv", "tsv"
    /// 0..100 from the name and the first 64 KB (already UTF-8, cut at a line end where possible).
    std::function<int(const std::filesystem::path&, std::string_view head)> sniff;
    /// Fills delimiter, header, columns' roles in \p options from the head.
    std::function<void(std::string_view head, ImportOptions& options)> detect;
    std::function<Result<std::unique_ptr<RecordReader>>(const std::filesystem::path&, const ImportOptions&)> open;
};

using ImporterRegistry = Registry<ImporterEntry>;
ImporterRegistry makeImporterRegistry();

/// Detects encoding, format, delimiter, header and columns. \p forced: members that are set win (format, encoding,
/// delimiter when forceDelimiter ...). \returns NotFound, Io, InvalidInput (empty file, binary file: says so).
Result<ImportPreview> previewFile(const ImporterRegistry& registry, const std::filesystem::path& file, int rows = 20);
/// The same with the user's choices: rows and columns are read anew with \p options as given.
Result<ImportPreview> previewFile(const ImporterRegistry& registry, const std::filesystem::path& file,
                                  const ImportOptions& options, int rows = 20);
/// Reads the whole file into the store in batches. Progress is in bytes of the file. On Canceled and on Io the source
/// and its rows are taken out again, the project is as before.
Result<ImportReport> importFile(CorpusStore& store, const ImporterRegistry& registry, const std::filesystem::path& file,
                                const ImportOptions& options, JobContext& context);

}  // namespace lathe::corpus
