// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Conversations of any number of turns as token ids, with marks on what is learnt. Torch-free.
#pragma once

#include "infer/chat_format.h"
#include "train/detail/encoded_set.h"
#include "train/trainer.h"

namespace lathe::train {

/// Which tokens a conversation's loss is over.
enum class LearnFrom { Answers, LastAnswer, Everything };

/// What happened to conversations that do not fit. Counted, so that none is lost silently.
struct ConversationLosses {
    std::int64_t refused = 0;    ///< by the model's chat template: left out
    std::int64_t lastOnly = 0;   ///< the format writes earlier turns differently: learnt from their last answer alone
    std::int64_t shortened = 0;  ///< lost their oldest turns, or the beginning of a question, to fit
    std::int64_t nothing = 0;    ///< no token to learn from was left: left out

    ConversationLosses& operator+=(const ConversationLosses& other);
};
std::vector<std::string> describe(const ConversationLosses& losses);

/// The conversation up to its last answer in the model's format; marks are 0 at what is learnt and kNoTarget elsewhere:
/// the words of answers with the token that ends each. Answers that are not to be learnt ("weight": 0) are context. Too
/// long a conversation loses its oldest turns, but never the system message, then the head of the last question, then
/// the tail of the answer. Empty ids: it cannot be used, and \p losses says why.
EncodedText encodeConversation(const text::Tokenizer& tokenizer, const infer::ChatFormat& format,
                               std::span<const ExampleMessage> messages, LearnFrom learnFrom, std::int64_t maxTokens,
                               ConversationLosses& losses);

/// What an example of DataKind::Chat says, as messages.
std::vector<ExampleMessage> conversationOf(const Example& example);

}  // namespace lathe::train
