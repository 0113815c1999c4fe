// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A question and its answer as the token ids that a generating model is tuned on. Torch-free.
#pragma once

#include "train/detail/encoded_set.h"

namespace lathe::train {

/// The markers of a conversation in a vocabulary; -1 where it has none.
struct ChatMarkers {
    text::TokenId user = -1, assistant = -1, end = -1;
    bool complete() const { return user >= 0 && assistant >= 0 && end >= 0; }
};
/// <|user|>, <|assistant|>, <|end|>, as fresh decoders have them.
ChatMarkers findChatMarkers(const text::Tokenizer& tokenizer);
/// The control tokens that a fresh decoder's tokenizer is trained with.
std::vector<std::string> chatControlTokens();

/// [<s>] <|user|> question <|assistant|> answer <|end|>; for a vocabulary without markers "User: ...\nAssistant: ..."
/// and the end-of-sequence token. lossFrom is the answer's first token. Too long a text loses the head of the question
/// (down to half of \p maxTokens), then the tail of the answer.
EncodedText encodeChat(const text::Tokenizer& tokenizer, std::string_view question, std::string_view answer,
                       std::int64_t maxTokens);
/// A plain text for next-token pre-training: [<s>] text </s>.
EncodedText encodePlain(const text::Tokenizer& tokenizer, std::string_view text);

}  // namespace lathe::train
