// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Token labels joined to spans of the text. Torch-free.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "infer/text_model.h"
#include "text/tokenizer.h"

namespace lathe::infer {

/// What the label of one token says: "B-city" begins, "I-city" goes on, "city" does either, "O" is none.
struct TokenTag {
    std::string name;  ///< without the prefix; "" = outside of every span
    bool begins = false;
};
/// Prefixes B, I, S, U (single) and E, L (last) with '-' or '_'. \source Ramshaw & Marcus 1995 (IOB), Ratinov & Roth
/// 2009 (BILOU)
TokenTag tagOf(const std::string& label);

/// Neighbouring tokens of one name become one span, its probability the mean of theirs. Special tokens, whose offset
/// is empty, end a span. \param labels by id \param best, probabilities, offsets: one per token
/// \param continues one per token, or empty: those that only go on with the word before and are not asked for a label
/// of their own.
std::vector<LabelledSpan> joinSpans(const std::vector<std::string>& labels, std::span<const int> best,
                                    std::span<const float> probabilities, std::span<const text::Offset> offsets,
                                    const std::vector<bool>& continues = {});

}  // namespace lathe::infer
