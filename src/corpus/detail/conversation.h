// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Conversations and comparisons in the spellings of files: messages (OpenAI, TRL), conversations (ShareGPT).
#pragma once

#include <vector>

#include "core/json.h"
#include "corpus/content.h"
#include "corpus/detail/json_shape.h"

namespace lathe::corpus::detail {

/// {"role", "content"}, {"from", "value"} or {"role", "text"}; ShareGPT's roles become the usual ones. A content that
/// is a list of parts must be of text. Calls of tools are turns of the role "tool_calls" with their JSON as text.
/// \returns InvalidInput: none of these.
Result<Turn> turnFrom(const Json& json);
Result<std::vector<Turn>> turnsFrom(const Json& list);
/// As the cell of the role "turns".
std::string turnsJson(const std::vector<Turn>& turns);
/// ShareGPT's name of a role.
std::string fromName(const std::string& role);

/// Whether turns are one question and one answer, after a system prompt or none: such a row is a text with its answer.
bool isQuestion(const std::vector<Turn>& turns);
/// Cells of a conversation: text, answer and system of a question with its answer, else text and turns.
void putConversation(Cells& cells, const std::vector<Turn>& turns);

/// What a preference's row says, whatever the spelling.
struct Comparison {
    std::vector<Turn> prompt;  ///< what is answered, oldest turn first
    std::string chosen, rejected;
};
void putComparison(Cells& cells, const Comparison& comparison);

}  // namespace lathe::corpus::detail
