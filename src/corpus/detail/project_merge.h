// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How another project's rows come into one's own. Thread: as the stores.
#pragma once

#include <map>
#include <set>

#include "corpus/detail/sqlite_store.h"
#include "corpus/merge.h"

namespace lathe::corpus::detail {

class ProjectMerge {
public:
    ProjectMerge(SqliteStore& into, SqliteStore& other) : m_into(into), m_other(other) {}
    Result<MergeReport> run(const std::filesystem::path& other, JobContext& context);

private:
    /// A sample by what it is, in 40 bytes: a million are compared in memory.
    struct Key {
        SampleId id = 0;
        std::uint64_t first = 0, second = 0;  ///< of text and content
        std::uint64_t place = 0;              ///< of metadata, line and file
        bool removed = false;
    };
    struct Pair {
        SampleId theirs = 0, ours = 0;  ///< ours 0: not there yet
        bool removedHere = false;
    };
    struct Row {
        Annotation annotation;
        bool holds = false;
    };

    static std::vector<Key> keysOf(SqliteStore& store);
    void matchGroup(std::span<Key> theirs, std::span<Key> ours);
    Result<> matchSamples();
    Result<> takeLabels();
    Result<> takeRemovedLabels();
    SourceId sourceHere(SourceId theirs);
    Result<> addSample(Pair& pair);
    Result<std::string> valueHere(const Annotation& row);  ///< with the labels' ids here
    static std::vector<Row> rowsOf(SqliteStore& store, SampleId sample);
    Result<> takeRows(const Pair& pair);
    Result<AnnotationId> take(const NewRow& row);
    Result<> moveToTextHere(const Pair& pair, const std::set<std::pair<std::string, bool>>& touched);
    bool differs(const Annotation& a, const Annotation& b) const;
    Result<> takePiece(std::span<Pair> piece);
    Result<> begin(const std::filesystem::path& other);
    Result<> end();

    SqliteStore& m_into;
    SqliteStore& m_other;
    MergeReport m_report;
    std::set<std::string> m_annotators;
    std::int64_t m_merge = 0;
    std::vector<Pair> m_pairs;
    std::map<LabelId, LabelId> m_labels;  ///< theirs -> ours
    std::map<SourceId, SourceId> m_sources;
    std::map<AnnotationId, AnnotationId> m_steps;  ///< first row of a step there -> the first that came here
};

}  // namespace lathe::corpus::detail
