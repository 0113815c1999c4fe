// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Making a project's splits: who belongs together, from when a text is, and the plan written as one logged step.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/job_context.h"
#include "core/json.h"
#include "corpus/clean/split_plan.h"
#include "corpus/project.h"

namespace lathe::corpus {

enum class SplitGrouping {
    None,
    Field,       ///< texts with the same value of a metadata field stay together; those without one are alone
    Source,      ///< texts of one file stay together
    Duplicates,  ///< equal and nearly equal texts stay together
};

struct SplitRequest {
    SplitShares shares = {};
    SplitMethod method = SplitMethod::Stratified;
    SplitGrouping grouping = SplitGrouping::None;
    std::string groupField = {};  ///< SplitGrouping::Field
    std::string timeField = {};   ///< SplitMethod::Time: metadata field with a date; empty: when the text was imported
    double similarity = 0.7;      ///< SplitGrouping::Duplicates
    std::uint64_t seed = 42;
    bool freezesTest = true;  ///< afterwards
};
Json toJson(const SplitRequest& request);

struct SplitRow {
    LabelId label = 0;                     ///< 0: unlabelled
    std::string name;                      ///< "" for unlabelled
    std::array<std::int64_t, 3> counts{};  ///< train, dev, test
};

struct SplitOutcome {
    std::vector<std::pair<SampleId, Split>> samples;  ///< every sample of the project, by id
    std::vector<SplitRow> rows;                       ///< by label; a text with several labels counts in each
    std::array<std::int64_t, 3> totals{};             ///< texts in train, dev, test
    std::int64_t groups = 0;                          ///< of two texts or more
    std::int64_t withoutTime = 0;                     ///< no date could be read; they count as the oldest
    bool keptTest = false;        ///< the test split is frozen: the others were divided into train and dev
    std::int64_t straddling = 0;  ///< texts outside the frozen test split whose group has texts in it
};

/// What makeSplits() would do. \returns InvalidInput: shares that are none, a field that no text has; Canceled.
Result<SplitOutcome> previewSplits(CorpusStore& store, const SplitRequest& request, JobContext& context);
/// Gives every sample its split, logs it, and freezes the test split. A test split that is frozen already stays as it
/// is, unless the store allows its change. \returns as previewSplits.
Result<SplitOutcome> makeSplits(CorpusStore& store, const SplitRequest& request, const std::string& who,
                                JobContext& context);

/// The metadata fields of the project's first texts, by name: what can be grouped by.
Result<std::vector<std::string>> metadataFields(CorpusStore& store);
/// Milliseconds since 1970 from a number (seconds or milliseconds) or a date that begins with its year: "2024-03-05",
/// "2024/3/5 14:02", "2024-03-05T14:02:11+08:00", "2024年3月5日", "20240305". Without a zone: UTC.
std::optional<std::int64_t> timeFrom(const Json& value);

}  // namespace lathe::corpus
