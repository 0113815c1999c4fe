// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a text is labelled with beside a single label: any number of labels, a rating, labelled parts, the better one of
// its candidates, labels of its turns.
// An annotation of kind Label carries all of it: the newest row says everything that holds. Plain data, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace lathe::corpus {

/// A labelled part of a text, half-open in Unicode code points.
struct SampleSpan {
    std::int32_t begin = 0, end = 0;
    std::int64_t label = 0;  ///< LabelId
    friend auto operator<=>(const SampleSpan&, const SampleSpan&) = default;
};

/// A label of one turn of a conversation.
struct TurnLabel {
    std::int32_t turn = 0;   ///< index into Content::turns
    std::int64_t label = 0;  ///< LabelId
    friend auto operator<=>(const TurnLabel&, const TurnLabel&) = default;
};

/// Labelling::preferred where none of the candidates is better than the others.
inline constexpr int kNoneBetter = -1;

/// Each member is apart from the others; one that is there and empty says "none of them", one that is not there says
/// nothing.
struct Labelling {
    std::optional<std::vector<std::int64_t>> labels;  ///< LabelIds, sorted, each once
    std::optional<double> rating;
    std::optional<std::vector<SampleSpan>> spans;      ///< sorted by begin, end, label; they may overlap
    std::optional<int> preferred = {};                 ///< index into Content::candidates, or kNoneBetter
    std::optional<std::vector<TurnLabel>> turns = {};  ///< sorted by turn, label; a turn may have several

    bool isEmpty() const { return !labels && !rating && !spans && !preferred && !turns; }
    friend bool operator==(const Labelling&, const Labelling&) = default;
};

/// As an annotation's value: "" when empty, else {"labels": [id], "rating": number, "spans": [[begin, end, id]],
/// "preferred": index, "turns": [[turn, id]]} in one form for one meaning: sorted, each once.
std::string toValue(Labelling labelling);
/// \returns Parse or InvalidInput: not that, a span that is none, a rating that is not finite,
/// a candidate or turn below what there can be.
Result<Labelling> labellingFrom(std::string_view value);
/// The labels that it gives, sorted, each once.
std::vector<std::int64_t> labelsIn(const Labelling& labelling);

}  // namespace lathe::corpus
