// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Bringing another person's project into one's own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/job_context.h"
#include "core/result.h"
#include "corpus/project.h"

namespace lathe::corpus {

struct MergeReport {
    std::int64_t samplesThere = 0, samplesAdded = 0;
    std::int64_t samplesRemovedHere = 0;  ///< that were removed here, so they stay out with all that was said of them
    std::vector<std::string> labelsAdded;
    std::vector<std::string> labelsDiffering;   ///< in guideline or examples; those here stay
    std::int64_t rowsThere = 0, rowsAdded = 0;  ///< annotations of all kinds, undone ones too
    std::vector<std::string> annotators;        ///< of the rows added, by name
    /// Samples whose labelling differs between the two projects. Both opinions are kept; which one holds is said at
    /// mergeProject().
    std::vector<SampleId> conflicts;
    bool guidelineDiffers = false;  ///< the one here stays
};

/// Adds what \p otherFolder (a project, which is only read) has and \p into lacks: labels by name, samples by text and
/// content, annotation rows with their annotator, time and origin. A second time it adds nothing.
///
/// Which labelling (answer, text ...) holds: a decision before a person's before an import's before a rule's or a
/// model's; of equals the newer one. Parts of a text that was edited in one of the projects move to the text that
/// holds. \returns InvalidInput (into itself), as Project::open() for the other one, Canceled. After an error or a stop
/// what was taken over stays; merging again goes on there.
Result<MergeReport> mergeProject(const Project& into, const std::filesystem::path& otherFolder, JobContext& context);

}  // namespace lathe::corpus
