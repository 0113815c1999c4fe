// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LabellingPlan: what kind of labels a project's texts get now, and the choices that go with the kind. Kept as the
// project's setting "labelling_kinds". Plain data, any thread.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "corpus/project.h"

namespace lathe::corpus {

enum class LabellingKind {
    Single,      ///< one label a text
    Labels,      ///< any number of labels, none included
    Rating,      ///< a number on a scale
    Spans,       ///< labelled parts of the text
    Preference,  ///< which of its candidates is better
    Answer,      ///< an answer, written
    Turns,       ///< labels for the turns of a conversation
};
inline constexpr std::array kLabellingKinds{LabellingKind::Single, LabellingKind::Labels,     LabellingKind::Rating,
                                            LabellingKind::Spans,  LabellingKind::Preference, LabellingKind::Answer,
                                            LabellingKind::Turns};

/// Whether labels are given at all.
bool usesLabels(LabellingKind kind);
/// "single", "labels", "rating", "spans", "preference", "answer", "turns": as the setting says it.
const char* labellingKindId(LabellingKind kind);
std::optional<LabellingKind> labellingKindFrom(std::string_view id);

/// From low to high by step; high is reached exactly.
struct RatingScale {
    double low = 1, high = 5, step = 1;

    /// Above so many values they are no row of buttons any more.
    static constexpr int kMostButtons = 11;

    bool isValid() const;
    int steps() const;  ///< number of values; low + step * (steps() - 1) = high
    double value(int index) const;
    /// The nearest value of the scale.
    double nearest(double value) const;
    friend bool operator==(const RatingScale&, const RatingScale&) = default;
};

struct LabellingPlan {
    LabellingKind kind = LabellingKind::Single;
    RatingScale scale;
    bool overlap = true;       ///< spans may overlap
    bool snapsToWords = true;  ///< a span begins and ends at words, else at characters
    friend bool operator==(const LabellingPlan&, const LabellingPlan&) = default;
};

/// {"kinds": ["spans"], "rating": {"low": 1, "high": 5, "step": 1}, "overlap": true, "snap": "words"}.
std::string toSetting(const LabellingPlan& plan);
/// What is not said or makes no sense is as a new plan has it. \returns Parse: no JSON object.
Result<LabellingPlan> labellingPlanFrom(std::string_view setting);

/// Empty when nobody chose yet.
Result<std::optional<LabellingPlan>> storedLabellingPlan(CorpusStore& store);
Result<> storeLabellingPlan(CorpusStore& store, const LabellingPlan& plan);
/// From the first labelled texts: what most of them carry. Where there is none, from the first texts: conversations'
/// turns, candidates to compare, else one label a text. Takes as long as
/// finding all labelled texts.
Result<LabellingPlan> guessLabellingPlan(CorpusStore& store);

}  // namespace lathe::corpus
