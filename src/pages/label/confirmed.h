// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What of a sample's labelling a person stands for. Plain data, any thread.
#pragma once

#include <optional>

#include "corpus/types.h"

namespace lathe::pages {

/// What a person or a file said; nothing of what a model or a rule did. Written back with a person's word beside it, a
/// suggestion would count as a person's.
struct Confirmed {
    std::optional<corpus::LabelId> label;
    corpus::Labelling labelling;
};

inline bool isSuggested(const corpus::Sample& sample) {
    return sample.labelOrigin == corpus::Origin::Model || sample.labelOrigin == corpus::Origin::Rule;
}

inline Confirmed confirmed(const corpus::Sample& sample) {
    return isSuggested(sample) ? Confirmed() : Confirmed{sample.label, sample.labelling};
}

}  // namespace lathe::pages
