// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What formats of conversations have in common on the way out.
#pragma once

#include "core/json.h"
#include "corpus/exporter.h"

namespace lathe::corpus::detail {

inline constexpr const char* kNoAnswerLoss = "texts without an answer, and no conversations, cannot be in this format";
inline constexpr const char* kNoPairLoss = "texts without two answers, one of them better, cannot be in this format";
inline constexpr const char* kPairOrderLoss = "which of the two answers stood first is not kept";
inline constexpr const char* kPairOfTurnsLoss =
    "a conversation of one question and its answer is read back as a text with its answer";

/// The turns of a sample: its own, or its text, and \p withAnswer its answer; with the metadata's "system" in front.
std::vector<Turn> turnsOf(const OutgoingSample& sample, bool withAnswer);
/// Counts metadata beyond "system".
void reportMetadata(const OutgoingSample& sample, Losses& losses);
/// {"role", "content"}, with "tool_calls" as they came.
Json messageOf(const Turn& turn);
Json messagesOf(const std::vector<Turn>& turns);
/// {"from", "value"}
Json shareGptOf(const Turn& turn);

/// Alpaca's way: a system prompt, pairs of question and answer, a last question. nullopt: the turns do not alternate.
struct Alternating {
    std::string system;
    std::vector<std::pair<std::string, std::string>> history;
    std::string question;
    std::string answer;  ///< empty where the turns end with the question
};
std::optional<Alternating> alternating(const std::vector<Turn>& turns);
/// The members "instruction", "input", "system" and "history" of it.
Json alpacaOf(const Alternating& turns);

/// Whether a conversation can be written: a text has its answer. Counts what is against it.
bool isConversation(const OutgoingSample& sample, Losses& losses);

}  // namespace lathe::corpus::detail
