// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The search index: search.db beside project.db, an FTS5 table without the texts themselves.
//
// It lies in a file of its own so that building it never makes a label wait for the project's lock, and it can be
// deleted at any time: it is made of the project's texts alone. What it indexes never changes: a sample's text as
// imported, and each annotation that carries a text (an answer, an edited text). So it needs to know only how far it
// got, and whoever searches looks through the rest itself.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <vector>

#include "corpus/detail/sql.h"
#include "corpus/types.h"

namespace lathe {
class JobContext;
}

namespace lathe::corpus::detail {

/// Samples and annotations up to these ids are in the index.
struct IndexReach {
    SampleId sample = 0;
    AnnotationId annotation = 0;
};

struct IndexHits {
    IndexReach reach;
    std::vector<SampleId> samples;          ///< whose imported text may have the needle; ascending
    std::vector<AnnotationId> annotations;  ///< whose text may have it; ascending
};

/// Thread: one at a time. Everything throws SQLite::Exception.
class SearchIndex {
public:
    /// Null when there is none, or none that this program made.
    static std::unique_ptr<SearchIndex> openToRead(const std::filesystem::path& file);
    /// Makes it when it is not there; one that is damaged or of another version is made anew.
    static std::unique_ptr<SearchIndex> openToWrite(const std::filesystem::path& file);

    explicit SearchIndex(std::unique_ptr<SQLite::Database> database);

    /// Every text that has the folded \p needle, and when the needle is longer than kExactCharacters perhaps others.
    /// Nothing at all, and a reach of 0, when the index is not of the project in \p project.
    IndexHits find(SQLite::Database& project, const std::string& needle);
    IndexReach reach(SQLite::Database& project);
    /// Works in a transaction of its own for about \p time. \returns true when all is indexed that was there.
    bool update(SQLite::Database& project, JobContext& context, std::chrono::milliseconds time);

private:
    bool isOf(SQLite::Database& project, const IndexReach& reach);
    IndexReach storedReach();
    void clear();

    std::unique_ptr<SQLite::Database> m_database;  // before m_sql: statements go first
    Statements m_sql;
};

std::filesystem::path searchIndexFile(const std::filesystem::path& projectDatabase);

}  // namespace lathe::corpus::detail
