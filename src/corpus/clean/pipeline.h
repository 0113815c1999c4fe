// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A cleaning recipe over the samples of a project: what it would do, doing it as one recorded step, taking it back.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/job_context.h"
#include "corpus/clean/cleaning.h"
#include "corpus/project.h"

namespace lathe::corpus {

struct StepCount {
    std::int64_t changed = 0;  ///< texts that the step changed
    std::int64_t removed = 0;  ///< texts that it takes out
    std::int64_t masked = 0;   ///< parts that it masked
};

/// A text, or an answer, that the recipe changes, or a text that it takes out.
struct CleaningExample {
    SampleId sample = 0;
    std::string before;
    CleanedText after;
    bool isAnswer = false;
};

struct CleaningCounts {
    std::int64_t texts = 0;  ///< looked at
    std::int64_t changed = 0, removed = 0, masked = 0;
    std::int64_t emptied = 0;        ///< of the removed: nothing was left of them
    std::int64_t conversations = 0;  ///< left as they are: their turns are not cleaned
    std::int64_t frozen = 0;         ///< of the frozen test split; left as they are
    std::int64_t unreadable = 0;     ///< left as they are, because a step could not read them
    std::string firstProblem;        ///< why
    std::vector<StepCount> steps;    ///< parallel to the recipe
};
Json toJson(const CleaningCounts& counts);

struct CleaningPreview {
    CleaningCounts counts;
    std::vector<CleaningExample> examples;  ///< the first ones
};

/// What the recipe would do to \p ids; nothing is written. A text of which nothing is left counts as removed. Answers
/// are cleaned as texts are, but no filter looks at them, and one of which nothing would be left stays. Turns,
/// candidates and metadata are not cleaned. \returns Canceled, Io.
Result<CleaningPreview> previewCleaning(CorpusStore& store, const Cleaner& cleaner, std::span<const SampleId> ids,
                                        std::size_t maxExamples, JobContext& context);

struct CleaningOutcome {
    CleaningId id = 0;  ///< 0: there was nothing to do, and nothing is recorded
    CleaningCounts counts;
};

/// Cleans \p ids in transactions of some hundred texts, so that others can write meanwhile, and records it with
/// recipe, time and counts. The imported texts stay; labelled parts move with the text. Texts of a frozen test split
/// are left as they are unless the store allows their change. \returns Canceled and what the store says; what was done
/// until then is taken back.
Result<CleaningOutcome> applyCleaning(CorpusStore& store, const Cleaner& cleaner, std::span<const SampleId> ids,
                                      const std::string& who, JobContext& context);

}  // namespace lathe::corpus
