// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The corpus's value types: sample, label, annotation, snapshot, run. Plain data, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "corpus/content.h"
#include "corpus/labelling.h"

namespace lathe::corpus {

using SampleId = std::int64_t;
using LabelId = std::int64_t;
using SourceId = std::int64_t;
using AnnotationId = std::int64_t;
using SnapshotId = std::int64_t;

enum class Split { None, Train, Dev, Test };
enum class Origin { Human, Rule, Model, Import };
/// What an annotation row says about its sample. The newest row of a (sample, kind) holds.
enum class AnnotationKind { Label, Answer, Skip, Flag, Comment, Text };
/// Of a Label row: what its annotator thinks, or what was settled where annotators differed.
enum class AnnotationRole { Opinion, Decision };

const char* splitName(Split split);     ///< "", "train", "dev", "test"
const char* originName(Origin origin);  ///< "human", "rule", "model", "import"
std::optional<Split> splitFromName(std::string_view name);

/// One text and its present state (the newest annotation of each kind).
struct Sample {
    SampleId id = 0;
    std::string text;      ///< as it is now
    std::string answer;    ///< the reply for question/answer data, else empty
    std::string metadata;  ///< JSON object of the columns that were not mapped
    SourceId source = 0;
    std::int64_t line = 0;  ///< 1-based line in the source file
    Split split = Split::None;
    std::uint64_t hash = 0;                   ///< hash64(text)
    std::optional<std::string> originalText;  ///< as it was imported, where it was edited since
    Content content;                          ///< turns and candidates, where it has any
    std::optional<LabelId> label;
    Labelling labelling;                 ///< what else it is labelled with
    Origin labelOrigin = Origin::Human;  ///< of the present label or labelling
    bool skipped = false;
    bool flagged = false;
    std::string comment;

    bool isLabelled() const { return label.has_value() || !labelling.isEmpty(); }
};

struct Label {
    LabelId id = 0;
    std::string name;
    std::string color;              ///< "#0072B2"
    std::string key;                ///< key cap: "1", "q"; unique in the project
    std::string guideline;          ///< when to choose it
    std::int64_t count = 0;         ///< samples that carry it now, as their label or among others (filled by labels())
    std::optional<LabelId> parent;  ///< the label that it is a kind of
    std::vector<std::string> examples, counterExamples;  ///< texts that get it, and texts that only look like it
};

struct Source {
    SourceId id = 0;
    std::string path;
    std::string format;
    std::string encoding;
    std::int64_t importedMs = 0;
    std::int64_t samples = 0;
};

struct Annotation {
    AnnotationId id = 0;
    SampleId sample = 0;
    AnnotationKind kind = AnnotationKind::Label;
    std::optional<LabelId> label;  ///< Label; empty = label taken away
    /// Answer, Comment, Text: the text; Skip, Flag: "1" or ""; Label: toValue() of what else holds, where "" leaves
    /// what there is and "{}" takes it away.
    std::string value;
    Origin origin = Origin::Human;
    std::string annotator;
    std::int64_t timeMs = 0;
    std::optional<AnnotationId> undoes;  ///< set on the row that an undo or redo wrote
    AnnotationRole role = AnnotationRole::Opinion;
    std::string note;    ///< why it was decided so
    bool blind = false;  ///< Label: given without sight of the earlier one, to compare with it; the earlier one holds
    /// The first row of the step that this row belongs to; what belongs together is undone together. Empty: alone.
    std::optional<AnnotationId> step;
};

/// An immutable list of (sample, annotation, split). `hash` is over ids, texts and labels in order.
struct Snapshot {
    SnapshotId id = 0;
    std::int64_t createdMs = 0;
    std::string hash;  ///< 32 hex digits
    std::int64_t samples = 0;
    std::string note;
};

struct SnapshotItem {
    SampleId sample = 0;
    Split split = Split::None;
    std::string text;
    std::string answer;
    std::optional<LabelId> label;
    Labelling labelling;
    Content content = {};
};

struct Run {
    std::string id;  ///< folder name below runs/
    std::int64_t createdMs = 0;
    SnapshotId snapshot = 0;
    std::string status;   ///< running, done, stopped, failed
    std::string config;   ///< JSON, as in runs/<id>/config.json
    std::string summary;  ///< JSON: best metric, model folder, seconds
};

/// One turn of the chat pane, kept.
struct ChatTurn {
    std::int64_t id = 0;
    std::int64_t timeMs = 0;
    std::string model;
    std::string role;  ///< user, assistant
    std::string text;  ///< for a classifier's answer: JSON of labels and probabilities
};

struct Counts {
    std::int64_t samples = 0;
    std::int64_t labelled = 0;    ///< with a label, or labelled otherwise
    std::int64_t unlabelled = 0;  ///< neither labelled nor answered, not skipped
    std::int64_t answered = 0;    ///< samples with an answer
    std::int64_t skipped = 0;
    std::int64_t flagged = 0;
    std::int64_t labelledToday = 0;  ///< by a human, local day
    std::int64_t train = 0, dev = 0, test = 0;
};

}  // namespace lathe::corpus
