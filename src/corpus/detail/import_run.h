// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What an import does with records, whatever file they are from: samples in batches, duplicates, labels, the report.
#pragma once

#include <algorithm>
#include <unordered_set>

#include "corpus/detail/hash_set.h"
#include "corpus/importer.h"

namespace lathe::corpus::detail {

/// What the project holds, so that nothing comes in twice. Loaded once for all files of one import.
class Ledger {
public:
    Result<> load(CorpusStore& store, bool findsDuplicates);
    /// \returns false if such a row is there already.
    bool insert(const NewSample& sample);
    /// \returns true if the label is new.
    bool insertLabel(const std::string& name) { return m_labels.insert(name).second; }

private:
    bool add(std::uint64_t text, std::uint64_t label, std::uint64_t answer);

    HashSet m_seen;
    std::unordered_set<std::string> m_labels;
};

/// Columns that every record of a file gets beside its own, with one value: where a file is a sample, its name.
struct FixedCells {
    std::vector<std::string> columns;
    std::vector<std::string> cells;
};

/// One source being read: readAll() once a file, flush(); then settle() once the whole import has succeeded, or
/// takeBack(). The source is made with its first samples.
class SourceImport {
public:
    /// \p progress: called with the bytes that the reader has read.
    SourceImport(CorpusStore& store, Ledger& ledger, JobContext& context, ImportReport& report, Source source,
                 std::function<void(std::int64_t)> progress)
        : m_store(store),
          m_ledger(ledger),
          m_context(context),
          m_report(report),
          m_source(std::move(source)),
          m_progress(std::move(progress)) {}

    /// \p file: as issues name it. \returns InvalidInput (a column that is not there), Canceled, Io ...
    Result<> readAll(RecordReader& reader, const ImportOptions& options, const std::string& file,
                     const FixedCells& fixed = {});
    Result<> flush();
    /// The import is whole: the mark goes.
    Result<> settle();
    /// After a failure: the project as it was. \returns what keeps it from that.
    Result<> takeBack();
    SourceId source() const { return m_source.id; }  ///< 0: nothing was taken

private:
    // Which cell is what. Columns of JSON grow while reading, so cells beyond the known ones are metadata.
    struct Roles {
        std::vector<std::pair<std::string ImportOptions::*, std::size_t>> columns;

        std::optional<std::size_t> of(std::string ImportOptions::*role) const {
            for (const auto& [each, column] : columns)
                if (each == role)
                    return column;
            return std::nullopt;
        }
        bool isRole(std::size_t column) const {
            return std::ranges::any_of(columns, [&](const auto& each) { return each.second == column; });
        }
    };
    /// What of a file does not change from record to record.
    struct Reading {
        const RecordReader& reader;
        const ImportOptions& options;
        const std::string& file;
        const FixedCells& fixed;
        Roles roles;
    };

    Result<Roles> findRoles(const Reading& reading) const;
    Result<> checkAllCame(const Reading& reading) const;
    Result<> take(const Reading& reading, Record& record);
    /// \returns why the record cannot be taken, or "".
    std::string toSample(const Reading& reading, Record& record, NewSample& sample) const;
    void meetLabel(const std::string& name);
    std::string metadataOf(const Reading& reading, const Record& record) const;
    void note(const Reading& reading, const Record& record, std::string reason, bool taken);
    Result<> checkLabels(const ImportOptions& options) const;
    Result<> mark();

    CorpusStore& m_store;
    Ledger& m_ledger;
    JobContext& m_context;
    ImportReport& m_report;
    Source m_source;
    std::function<void(std::int64_t)> m_progress;
    std::vector<std::string> m_newLabels;
    std::size_t m_labelsMarked = 0;
    std::vector<NewSample> m_batch;
    std::size_t m_batchBytes = 0;
};

/// The first 1000 issues are kept.
void addIssue(ImportReport& report, ImportIssue issue);

}  // namespace lathe::corpus::detail
