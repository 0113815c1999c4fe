// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/opinions.h"

namespace lathe::corpus {
namespace {

template <class T>
bool differ(const std::optional<T>& a, const std::optional<T>& b) {
    return a && b && *a != *b;
}

/// A single label counts as the one of several.
std::optional<std::vector<LabelId>> labelsOf(const Opinion& opinion) {
    if (opinion.labelling.labels)
        return opinion.labelling.labels;
    if (opinion.label)
        return std::vector{*opinion.label};
    return std::nullopt;
}

}  // namespace

bool differ(const Opinion& a, const Opinion& b) {
    const bool bothSingle = a.label && b.label;
    return differ(a.label, b.label) || (!bothSingle && differ(labelsOf(a), labelsOf(b))) ||
           (bothSingle && differ(a.labelling.labels, b.labelling.labels)) ||
           differ(a.labelling.rating, b.labelling.rating) || differ(a.labelling.spans, b.labelling.spans) ||
           differ(a.labelling.preferred, b.labelling.preferred) || differ(a.labelling.turns, b.labelling.turns);
}

}  // namespace lathe::corpus
