// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The likely label errors of a project, and which of the labels were looked at and kept. Thread: any (the store's).
#pragma once

#include "assist/label_errors.h"
#include "assist/project_texts.h"

namespace lathe::assist {

/// As LikelyError, by the project's ids.
struct SuspectLabel {
    corpus::SampleId sample = 0;
    std::string text;  ///< its beginning
    corpus::LabelId given = 0, suggested = 0;
    double givenProbability = 0, suggestedProbability = 0, usualForSuggested = 0;
};

struct SuspectLabels {
    std::vector<SuspectLabel> ranked;  ///< without those that were kept
    double estimatedShare = 0;
    std::int64_t items = 0;
    std::int64_t kept = 0;  ///< would be in the list, but somebody has looked at them
};

/// Cross-validates the labels that people gave. No more texts than \p most are looked at, drawn by the seed; 0: all.
/// \returns what findLabelErrors does.
Result<SuspectLabels> suspectLabels(corpus::CorpusStore& store, const CrossValidation& how, std::size_t most,
                                    JobContext& context);

/// Somebody has looked at the label and says that it is right: it is no suspect as long as it is the text's label.
Result<> keepLabel(corpus::CorpusStore& store, corpus::SampleId sample, corpus::LabelId label);
/// And not any more.
Result<> forgetKept(corpus::CorpusStore& store, corpus::SampleId sample);

}  // namespace lathe::assist
