// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SampleFilter: which samples, and in which order. Plain data, any thread.
#pragma once

#include <string>
#include <vector>

#include "corpus/types.h"

namespace lathe::corpus {

enum class LabelState { Any, Unlabelled, Labelled, Skipped, Flagged };
/// LabelledLast: without a label first, then the labelled ones, the newest label at the end. Random: fixed by the ids.
/// Text: by its first 64 characters, without case. Label and Source: by name. NewestLabel: the newest first.
/// Marks: flagged, then skipped, then with a comment. What has no label, split, label time or mark comes last.
enum class Order { Id, LabelledLast, ShortFirst, LongFirst, Random, Text, Label, Split, Source, NewestLabel, Marks };

/// Milliseconds since 1970, UTC; half-open.
struct TimeRange {
    std::optional<std::int64_t> fromMs, untilMs;
    bool isEmpty() const { return !fromMs && !untilMs; }
    friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

/// What the label page and the corpus table ask for. Empty members do not filter; those that are set must all hold.
struct SampleFilter {
    LabelState state = LabelState::Any;
    std::optional<LabelId> label;
    std::vector<LabelId> anyLabels;  ///< carries one of them at least, as its label or among others
    std::vector<LabelId> noLabels;   ///< carries none of them
    std::optional<Split> split;
    std::optional<SourceId> source;
    bool onlyAnswers = false;  ///< only question/answer pairs
    bool noAnswers = false;    ///< only texts without an answer
    std::optional<bool> flagged, skipped, commented;
    bool disagreement = false;     ///< its annotators contradict each other, and nobody has settled it
    std::optional<Origin> origin;  ///< of the present label
    std::string annotator;         ///< who gave the present label, or has an opinion on it
    TimeRange imported, labelled;  ///< when its source came, when it got its present label
    std::optional<std::int64_t> minLength, maxLength;  ///< characters (code points), both inclusive
    std::string comment;                               ///< substring of the comment, without case
    std::string text;     ///< substring of the text or of the answer; literal, without case
    std::string pattern;  ///< ICU regular expression found in the text or in the answer; without case, ^ and $ at lines
    Order order = Order::Id;
    bool descending = false;  ///< the other way round; not for Random and LabelledLast

    /// The same samples, whatever the order.
    bool isUnfiltered() const;
    friend bool operator==(const SampleFilter&, const SampleFilter&) = default;
};

}  // namespace lathe::corpus
