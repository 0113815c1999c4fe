// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// OpenAI's messages: {"messages": [{"role", "content"}]} a line. One question with its answer is a text with its
// answer, anything else a conversation by turns. \source https://platform.openai.com/docs/guides/supervised-fine-tuning
#include <array>

#include "corpus/detail/conversation.h"

namespace lathe::corpus {
namespace {

using detail::JsonKind;

Result<> shape(const Json& value, detail::Cells& cells) {
    auto messages = value.is_object() ? value.find("messages") : value.end();
    if (value.is_object() && messages == value.end())
        messages = value.find("conversations");  // a row of ShareGPT among them
    if (messages == value.end())
        return fail(ErrorCode::InvalidInput, "no \"messages\"");
    LATHE_TRY(const auto turns, detail::turnsFrom(*messages));
    detail::putConversation(cells, turns);
    cells.putRest(value, std::array<std::string_view, 2>{"messages", "conversations"});
    return {};
}

}  // namespace

ImporterEntry openAiImporter() {
    return detail::shapedImporter(
        "openai", "OpenAI messages", {"jsonl"},
        [](const detail::JsonMembers& members) {
            return has(members, "messages", JsonKind::ObjectList) && !has(members, "chosen");
        },
        shape);
}

}  // namespace lathe::corpus
