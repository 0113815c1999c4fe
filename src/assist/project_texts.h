// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A project's texts as what learns from labels, or looks for wrong ones, wants them. Thread: any (the store's).
#pragma once

#include "core/job_context.h"
#include "corpus/project.h"

namespace lathe::assist {

/// Whether a label of this origin was given by a person, here or where it was imported from. Rules and models learn
/// from and are measured against these alone.
inline bool isGiven(corpus::Origin origin) {
    return origin == corpus::Origin::Human || origin == corpus::Origin::Import;
}

/// Parallel lists; labels are indices into names and labelIds.
struct ProjectTexts {
    std::vector<corpus::SampleId> ids;
    std::vector<std::string> texts;
    std::vector<int> labels;  ///< the single label that a person gave, -1: none
    std::vector<corpus::Split> splits;
    std::vector<std::string> names;         ///< of the project's labels, in the project's order
    std::vector<corpus::LabelId> labelIds;  ///< parallel to names

    std::size_t size() const { return ids.size(); }
    /// Names that some text's label has.
    std::size_t usedLabels() const;
};

enum class WhichTexts {
    Labelled,  ///< with a single label that a person gave
    Open,      ///< neither labelled, by whomever, nor answered or skipped
    All,
};

struct TextsWanted {
    WhichTexts which = WhichTexts::Labelled;
    /// At most so many, drawn by the seed; 0: all.
    std::size_t most = 0;
    std::uint64_t seed = 42;
    /// Only so much of a long text is read.
    std::size_t bytesOfText = std::size_t(1) << 20;
};

/// Test data stays unseen: texts of the test split are left out. By id. \returns Canceled, and what the store does.
Result<ProjectTexts> readTexts(corpus::CorpusStore& store, const TextsWanted& wanted, JobContext& context);

}  // namespace lathe::assist
