// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Samples of a project whose texts are the same or nearly, labels that contradict each other among them, and groups
// that lie in more than one split.
#pragma once

#include <vector>

#include "core/job_context.h"
#include "corpus/project.h"

namespace lathe::corpus {

struct DuplicateRequest {
    /// Jaccard index of character n-grams from which on two texts are near duplicates, 0.3 to 1; 1: equal ones only.
    double similarity = 0.7;
    std::uint64_t seed = 42;
    SampleFilter filter = {};
};

struct DuplicateMember {
    SampleId sample = 0;
    double similarity = 1;  ///< with the group's first member; 1: equal whatever case, width and spaces
    Split split = Split::None;
    bool isLabelled = false;
    std::optional<LabelId> label;
};

struct DuplicateGroup {
    std::vector<DuplicateMember> members;  ///< by id, two or more
    bool isExact = false;                  ///< all are equal whatever case, width and spaces
    bool conflicts = false;                ///< two of the labelled ones are labelled differently
    bool leaks = false;                    ///< in more than one of train, dev and test
};

struct DuplicateReport {
    std::int64_t texts = 0;
    double similarity = 0;               ///< as asked for
    std::vector<DuplicateGroup> groups;  ///< by their first members
    std::int64_t surplus = 0;            ///< samples that are not the first of their group
    std::int64_t exactSurplus = 0;       ///< of these, equal to another one
    std::int64_t conflicting = 0;        ///< groups
    std::int64_t leaking = 0;            ///< groups
    std::int64_t testInTrain = 0;        ///< samples in test whose group has one in train or dev
    double seconds = 0;
};

/// Reads every text that the filter lets through. Memory: some 500 bytes a text. \returns Canceled, Io.
Result<DuplicateReport> findDuplicates(CorpusStore& store, const DuplicateRequest& request, JobContext& context);

}  // namespace lathe::corpus
