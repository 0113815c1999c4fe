// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a person thinks of an answer becomes data: a label, an answer to learn, a pair of a better and a worse answer.
// Samples say in their metadata where they came from. Thread: the store's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/result.h"
#include "corpus/project.h"

namespace lathe::session {

/// An answer as it was given.
struct GivenAnswer {
    std::string question;
    std::string answer;  ///< of a model that writes, else empty
    std::string label;   ///< of a classifier: the likeliest, else empty
    double probability = 0;
    std::string model;

    bool ofClassifier() const { return !label.empty(); }
};

struct KeptFeedback {
    std::vector<corpus::SampleId> added;         ///< new samples
    std::optional<corpus::SampleId> relabelled;  ///< a text that was there already and has another label now
};

/// \p correction: the right label's name or the better answer; nothing: the answer was good. A good or a corrected
/// label becomes a label of the text, which is taken into the corpus when it is not there. A good answer becomes a
/// question with its answer; a corrected one that, and a comparison in which the correction is preferred.
/// \returns InvalidInput (nothing to keep: an empty correction, or one that is the answer itself), or the store's
/// errors.
Result<KeptFeedback> keepFeedback(corpus::CorpusStore& store, const GivenAnswer& given,
                                  const std::optional<std::string>& correction, const std::string& annotator);

}  // namespace lathe::session
