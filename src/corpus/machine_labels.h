// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What models and rules say of a project's texts: scores, and labels that are marked as theirs. Part of the store.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/job_context.h"
#include "core/result.h"
#include "corpus/types.h"

namespace lathe::corpus {

class CorpusStore;

/// A model's word on a text.
struct ModelScore {
    SampleId sample = 0;
    LabelId label = 0;      ///< the likeliest
    float probability = 0;  ///< its
    float margin = 0;       ///< to the next likely one
    friend bool operator==(const ModelScore&, const ModelScore&) = default;
};

struct MachineLabel {
    SampleId sample = 0;
    LabelId label = 0;
};

struct GivenLabels {
    AnnotationId step = 0;   ///< undone together; 0: none was given
    std::int64_t given = 0;  ///< the others had a label, were skipped, or are what models are measured on
};

/// Thread and durability as the CorpusStore's, whose part it is.
class MachineLabels {
public:
    virtual ~MachineLabels() = default;

    // Queries
    virtual Result<std::vector<std::string>> scoredModels() = 0;  ///< by name
    virtual Result<std::vector<ModelScore>> scores(const std::string& model) = 0;

    // Commands
    /// Takes all scores of the model away: a model that says something new replaces what it said.
    virtual Result<> clearScores(const std::string& model) = 0;
    /// Adds or replaces; call it with some thousands at a time, so that labelling goes on meanwhile.
    virtual Result<> putScores(const std::string& model, std::span<const ModelScore> scores) = 0;
    /// Labels of a rule or a model for texts that have no label, are not skipped and are in neither the dev nor the
    /// test split: models are measured on people's labels. \p by is kept as the annotator. \p step of an earlier call
    /// goes on with its step. Call it with some hundreds at a time. \returns InvalidInput (an origin of people), and as
    /// annotate().
    virtual Result<GivenLabels> giveLabels(std::span<const MachineLabel> labels, Origin origin, const std::string& by,
                                           AnnotationId step = 0) = 0;
    /// Takes every present label of \p by back, whatever came between; what a person has labelled since stays.
    /// \returns how many, Canceled.
    virtual Result<std::int64_t> takeLabelsBack(Origin origin, const std::string& by, const std::string& annotator,
                                                JobContext& context) = 0;
};

/// That part of \p store.
MachineLabels& machineLabels(CorpusStore& store);

}  // namespace lathe::corpus
