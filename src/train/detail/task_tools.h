// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What several tasks share: encoding of all examples, tokens that are hidden, checks of labels.
// Thread: compute lane.
#pragma once

#include "train/detail/task.h"

namespace lathe::train {

/// Every example by \p encode, on all threads, in order. \returns Canceled.
Result<EncodedSet> encodeEach(const TaskContext& run, const std::vector<Example>& examples,
                              const std::function<EncodedText(const Example&)>& encode);
/// Without texts that have no token: those that could not be used.
EncodedSet withoutEmpty(const EncodedSet& set);
/// texts, tokens and truncated of a set, the batches to be filled in.
TaskSource sourceOf(const EncodedSet& set);
/// The tokenizer's special tokens are never hidden. maskId is -1 where there is no [MASK].
Masking maskingFor(const text::Tokenizer& tokenizer, double share);

/// \returns InvalidInput with \p otherwise when there is no training text.
Result<> needTexts(const Dataset& data, const char* otherwise);
/// \returns InvalidInput unless 0 <= label < the number of labels.
Result<> checkLabel(const Dataset& data, int label);
/// Every example of train and dev. The first failure wins.
Result<> checkEach(const Dataset& data, const std::function<Result<>(const Example&)>& check);

/// Words are hidden from encoders that are to learn labels: "token_dropout" where the model has this option.
double hiddenShare(const TaskContext& run, Part part);

}  // namespace lathe::train
