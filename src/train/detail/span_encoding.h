// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Labelled parts of a text as labels of its tokens (IOB2). Torch-free.
#pragma once

#include "train/detail/encoded_set.h"
#include "train/trainer.h"

namespace lathe::train {

/// Which of a word's tokens carry its label: all of them, or the first, the others being no targets.
enum class SpanPieces { First, All };

/// What does not fit between labelled characters and tokens. Nothing of it is lost without being counted.
struct SpanLosses {
    std::int64_t widened = 0;      ///< begin or end in the midst of a token (of a word, where its first piece counts)
    std::int64_t overlapping = 0;  ///< share a token with an earlier or longer one: left out
    std::int64_t cut = 0;          ///< lie, in part or whole, behind where the text was cut
    std::int64_t empty = 0;        ///< hold no token: nothing but white space, or places outside of the text

    SpanLosses& operator+=(const SpanLosses& other);
};
/// Lines for the log, one for each kind that happened.
std::vector<std::string> describe(const SpanLosses& losses);

/// "O", then "B-..." and "I-..." of each label, which is how EncodedText::marks number them.
std::vector<std::string> spanTags(const std::vector<std::string>& labels);
/// The same of what labels count: 1 for "O", a label's weight for both of its tags. None stay none.
std::vector<double> spanTagWeights(const std::vector<double>& labelWeights);

/// \param spans labels are indices into the Dataset's. Of two that overlap the one that begins first stays, of two that
/// begin together the longer one.
EncodedText encodeSpans(const text::Tokenizer& tokenizer, std::string_view text, std::vector<ExampleSpan> spans,
                        std::int64_t maxTokens, SpanPieces pieces, SpanLosses& losses);

}  // namespace lathe::train
