// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A question and its answer as the token ids that a generating model is tuned on. Torch-free.
#pragma once

#include "infer/chat_format.h"
#include "train/detail/encoded_set.h"

namespace lathe::train {

/// The control tokens that a fresh decoder's tokenizer is trained with.
std::vector<std::string> chatControlTokens();

/// The prompt that a chat puts to the model, then the answer and the token that ends it; lossFrom is the answer's first
/// token. Too long a text loses the head of the question (down to half of \p maxTokens), then the tail of the answer.
EncodedText encodeChat(const text::Tokenizer& tokenizer, const infer::ChatFormat& format, const std::string& question,
                       const std::string& answer, std::int64_t maxTokens);
/// A plain text for next-token pre-training: [<s>] text </s>.
EncodedText encodePlain(const text::Tokenizer& tokenizer, std::string_view text);

}  // namespace lathe::train
