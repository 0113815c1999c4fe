// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Who said what: the annotators' opinions, their work, steps that can be undone, edits of a text. Plain data, any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "corpus/types.h"

namespace lathe::corpus {

/// The newest Label row of an annotator on a sample that was not undone: a person's, or one that an import named an
/// annotator of. Rules and models have no opinions.
struct Opinion {
    SampleId sample = 0;
    std::string annotator;
    bool blind = false;  ///< the annotator's own repeat
    AnnotationId annotation = 0;
    std::optional<LabelId> label;
    Labelling labelling;
    std::int64_t timeMs = 0;
};

/// Whether two opinions contradict each other: in something that both speak of.
bool differ(const Opinion& a, const Opinion& b);

/// What an annotator did. A session is labels without a pause between them.
struct AnnotatorWork {
    std::string annotator;
    std::int64_t samples = 0;       ///< with an opinion now, blind repeats aside
    std::int64_t blindRepeats = 0;  ///< samples labelled a second time, blind
    std::int64_t decisions = 0;     ///< disagreements settled
    std::int64_t sessions = 0;
    std::int64_t workMs = 0;              ///< in sessions, from the first label to the last
    std::optional<double> medianSeconds;  ///< between two labels of a session; empty: no two
    std::int64_t firstMs = 0, lastMs = 0;
};

/// What undo takes back at once: the rows of one key press, or of a mark set on many samples.
struct UndoStep {
    AnnotationId step = 0;  ///< its first row
    std::int64_t timeMs = 0;
    std::string annotator;
    AnnotationKind kind = AnnotationKind::Label;  ///< of its first row, as label and value
    std::optional<LabelId> label;
    std::string value;
    SampleId sample = 0;       ///< of its first row
    std::int64_t samples = 1;  ///< how many it changed
    bool undone = false;       ///< it can be redone, not undone
};

/// A labelled part whose text is gone.
struct LostSpan {
    std::string annotator;
    SampleSpan span;  ///< in the text before the edit
    friend bool operator==(const LostSpan&, const LostSpan&) = default;
};

struct TextEdit {
    AnnotationId step = 0;  ///< for revertStep(); 0: the text was so already
    std::vector<LostSpan> lost;
};

}  // namespace lathe::corpus
