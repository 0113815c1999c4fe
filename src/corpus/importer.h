// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reading files into a project: sniff, preview, import. One file in importers/ per format. Folders, zip and gz are read
// through: each file in them is recognised as if it lay alone.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/job_context.h"
#include "core/registry.h"
#include "core/result.h"
#include "corpus/project.h"
#include "corpus/types.h"

namespace lathe::corpus {

/// What becomes one sample in a text that has no rows of its own.
enum class TextUnit { Line, Paragraph, Section, File };
const char* textUnitName(TextUnit unit);  ///< "line", "paragraph", "section", "file"
std::optional<TextUnit> textUnitFromName(std::string_view name);

/// How a file is read; filled by sniff(), changed in the import dialog or by --text, --label.
struct ImportOptions {
    std::string format;              ///< importer id: csv, jsonl, json, text ...
    std::string encoding;            ///< ICU converter name: "UTF-8", "GB18030", "UTF-16LE" ...
    char delimiter = ',';            ///< csv
    bool header = true;              ///< csv, xlsx
    std::string table;               ///< xlsx: the sheet; sqlite: the table or view; empty = the first that fits
    std::string query;               ///< sqlite: a SELECT in place of a table
    TextUnit unit = TextUnit::Line;  ///< what is a sample, for formats that have ImporterEntry::units
    std::string textColumn;          ///< column name, or "column 2" without a header
    std::string labelColumn;         ///< empty = none; a cell is a label, or a JSON list of two or more, or of none
    std::string labelsColumn;        ///< any number of labels, also one: a JSON list, or names between | or ;
    std::string ratingColumn;        ///< numbers; empty = none
    std::string spansColumn;         ///< JSON lists of labelled parts, in code points; empty = none
    std::string answerColumn;        ///< empty = none
    std::string turnsColumn;         ///< JSON lists of a conversation's turns; empty = none
    std::string turnLabelsColumn;    ///< JSON lists of [turn, label]; empty = none
    std::string candidatesColumn;    ///< JSON lists of answers to choose among; empty = none
    std::string preferredColumn;     ///< which of them is better: its place from 0, -1 for neither; empty = none
    std::string chosenColumn;        ///< the better of two answers; empty = none
    std::string rejectedColumn;      ///< the other one; empty = none
    std::string splitColumn;         ///< empty = none
    std::string annotatorColumn;     ///< who gave the labels; empty = none
    std::string opinionsColumn;      ///< JSON lists of what others think: opinionsJson(); empty = none
    std::string flaggedColumn;       ///< 1, true or yes; empty = none
    std::string skippedColumn;       ///< 1, true or yes; empty = none
    std::string commentColumn;       ///< empty = none
    Split split = Split::None;       ///< for all rows, when there is no split column
    bool skipDuplicates = true;      ///< rows whose text is in the project already (same label) are counted, not added
};

/// What a column may hold. The same list serves the dialog, the command line and what is remembered of a mapping.
struct ImportRole {
    const char* id;     ///< "text", "label": as kept and in the command line
    const char* title;  ///< in messages: "labelled parts"
    std::string ImportOptions::*column;
};
std::span<const ImportRole> importRoles();

/// What the dialog shows before anything is imported.
struct ImportPreview {
    ImportOptions options;                       ///< as detected
    double encodingConfidence = 1;               ///< 0..1
    std::vector<std::string> columns;            ///< names in file order ("column 1" ... without a header)
    std::vector<std::vector<std::string>> rows;  ///< first rows, a cell per column, UTF-8
    std::vector<std::string> tables;             ///< sheets or tables to choose from; empty for other formats
    std::string member;  ///< of a folder or an archive: the file that is shown; the others are read alike
    std::int64_t fileBytes = 0;
    std::vector<std::string> notes;  ///< e.g. "3 bytes in the sample are not valid GB18030"
};

struct ImportIssue {
    std::int64_t line = 0;  ///< 1-based; 0: the whole file
    std::string reason;
    std::string text;    ///< the row's beginning, at most 200 bytes
    std::string file;    ///< within a folder or an archive: "inner/a.csv"; empty for a single file
    bool taken = false;  ///< the row is in the project, but something of it could not be kept as it was
};

struct ImportReport {
    SourceId source = 0;          ///< the first, when a folder or an archive gave several; 0: nothing was taken
    std::int64_t files = 1;       ///< read: more than one for folders and archives
    std::int64_t leftOut = 0;     ///< files of a folder or an archive that could not be read
    std::int64_t rows = 0;        ///< records seen
    std::int64_t taken = 0;       ///< samples added
    std::int64_t labelled = 0;    ///< of them with a label
    std::int64_t duplicates = 0;  ///< not added, already there
    std::int64_t rejected = 0;
    std::int64_t remarked = 0;        ///< taken, but not all of it as it was: several labels where one can be kept
    std::vector<ImportIssue> issues;  ///< the first 1000: files left out, rows rejected, rows remarked
    double seconds = 0;
};

/// One record as a format's reader yields it. Cells are UTF-8, valid.
struct Record {
    std::int64_t line = 0;
    std::vector<std::string> cells;  ///< parallel to the reader's columns()
    std::string error;               ///< not empty: the row is broken, cells are what could be read
    std::string remark;              ///< not empty: the row is good, but not all of it can be kept as it is
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
    /// Whether columns() may get longer while records are read, as with JSON.
    virtual bool grows() const { return false; }
    /// Readers that may work for long before a record comes ask \p stop now and then, and fail with Canceled.
    virtual void stopWhen(std::function<bool()> stop) { static_cast<void>(stop); }
};

inline constexpr std::int64_t kMaxRecordBytes = 16 << 20;

struct ImporterEntry {
    std::string id;                       ///< "csv"
    std::string title;                    ///< "Table (CSV, TSV)"
    std::vector<std::string> extensions;  ///< "csv", "tsv"
    std::vector<TextUnit> units = {};     ///< what may be a sample, the usual one first; empty: the format has rows
    bool namesRoles = false;  ///< columns have the ids of the roles they are for; none is guessed from its cells
    bool isBinary = false;    ///< no text: it has no encoding, and sniff() gets the bytes as they are
    /// 0..100 from the name and the first 64 KB (already UTF-8, cut at a line end where possible).
    std::function<int(const std::filesystem::path&, std::string_view head)> sniff;
    /// Fills delimiter, header, columns' roles in \p options from the head.
    std::function<void(std::string_view head, ImportOptions& options)> detect;
    std::function<Result<std::unique_ptr<RecordReader>>(const std::filesystem::path&, const ImportOptions&)> open;
    /// What else the head tells whoever looks at the preview.
    std::function<std::vector<std::string>(std::string_view head)> notes = {};
    /// Only where a file holds several tables: their names. Sets options.table where it is empty; with findsHeader,
    /// options.header too.
    std::function<Result<std::vector<std::string>>(const std::filesystem::path&, ImportOptions&, bool findsHeader)>
        tables = {};
};

using ImporterRegistry = Registry<ImporterEntry>;
ImporterRegistry makeImporterRegistry();

/// Detects encoding, format, delimiter, header and columns. Of a folder or an archive, the first file that can be read
/// is shown. \returns NotFound, Io, InvalidInput (empty file, binary file: says so).
Result<ImportPreview> previewFile(const ImporterRegistry& registry, const std::filesystem::path& file, int rows = 20);
/// The same with the user's choices: rows and columns are read anew with \p options as given.
Result<ImportPreview> previewFile(const ImporterRegistry& registry, const std::filesystem::path& file,
                                  const ImportOptions& options, int rows = 20);
/// Reads the whole file into the store in batches. Progress is in bytes of the file. On Canceled and on Io the source
/// and its rows are taken out again, the project is as before; for a folder or an archive that holds for all its files.
/// There \p options are those of the file that previewFile() shows and of all with the same ending; the others are
/// recognised one by one, and what cannot be read is left out and reported. Each file is a source of its own
/// ("archive.zip/inner/a.csv"), but where a file is a sample, the folder is the source and the metadata name the file.
Result<ImportReport> importFile(CorpusStore& store, const ImporterRegistry& registry, const std::filesystem::path& file,
                                const ImportOptions& options, JobContext& context);
/// The project keeps how a file was read, for the next file of which the same is detected (format, tables, columns):
/// a mapping is corrected once. \p used: what \p file was imported with.
Result<> rememberOptions(CorpusStore& store, const ImporterRegistry& registry, const std::filesystem::path& file,
                         const ImportOptions& used);
/// What was kept for such a file; \p detected: its preview without any choice. Split and duplicates are not among it.
Result<std::optional<ImportOptions>> rememberedOptions(CorpusStore& store, const ImportPreview& detected);

/// The records of one file as previewFile() and its options say; gz and archives of a single file are unpacked.
/// \returns InvalidInput for a folder or an archive of several files.
Result<std::unique_ptr<RecordReader>> openRecords(const ImporterRegistry& registry, const std::filesystem::path& file,
                                                  const ImportOptions& options);

}  // namespace lathe::corpus
