// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Augmentation: training texts with one label, a little different in every epoch: words replaced by synonyms, tokens
// hidden, left out, or swapped with the next. What happens to a text is a function of (seed, epoch, item).
// Thread: compute lane. \source Wei and Zou arXiv:1901.11196
#pragma once

#include <map>

#include "core/random.h"
#include "text/tokenizer.h"
#include "train/detail/augmentation_options.h"
#include "train/detail/batch_source.h"

namespace lathe::train {

/// Words and what may stand in their place: one line each, "car: automobile, motor car" or with tabs between; lines
/// that begin with # and empty ones are skipped.
class Synonyms {
public:
    /// \returns NotFound, Io, Parse (naming the line).
    static Result<Synonyms> load(const std::filesystem::path& file);
    /// \p text with a \p share of the words that have synonyms replaced. Whole words, the longest first; letter case of
    /// ASCII does not count. In scripts without spaces every place where a word stands counts.
    std::string replace(std::string_view text, double share, Random& random) const;

private:
    std::map<std::string, std::vector<std::string>> m_words;  ///< by the word in lower case
    std::size_t m_longest = 0;                                ///< bytes
};

/// Hides, leaves out and swaps tokens. Special ones keep their places; one other token is left at least.
void disturbTokens(std::vector<std::int64_t>& ids, const AugmentationOptions& options, const Masking& special,
                   Random& random);

/// \p texts, batches of one row a text, over the items' \p originals. Both must outlive it. \p special: whose `never`
/// are the special tokens and whose maskId hides (-1 = tokens are not hidden).
struct AugmentedParts {
    const BatchSource& texts;
    std::vector<std::string> originals;
    const text::Tokenizer& tokenizer;
    std::int64_t maxTokens = 0;
    std::int64_t padId = 0;
    Masking special;
};
/// \returns InvalidInput when the batches are not of whole texts with one label each (spans, pairs, answers), whose
/// targets would not fit any more; NotFound, Parse (synonyms).
Result<std::unique_ptr<BatchSource>> makeAugmentedSource(AugmentedParts parts, const AugmentationOptions& options);

}  // namespace lathe::train
