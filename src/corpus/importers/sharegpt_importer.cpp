// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ShareGPT: {"conversations": [{"from": "human", "value"}, {"from": "gpt", "value"}], "system"?}, as LLaMA-Factory and
// FastChat read it. One question with its answer is a text with its answer, anything else a conversation by turns.
#include <array>

#include "corpus/detail/conversation.h"

namespace lathe::corpus {
namespace {

using detail::JsonKind;

Result<> shape(const Json& value, detail::Cells& cells) {
    const auto conversation = value.is_object() ? value.find("conversations") : value.end();
    if (conversation == value.end())
        return fail(ErrorCode::InvalidInput, "no \"conversations\"");
    LATHE_TRY(auto turns, detail::turnsFrom(*conversation));
    LATHE_TRY(const auto system, detail::textMember(value, "system"));
    if (system && !system->empty())
        turns.insert(turns.begin(), {"system", *system});
    detail::putConversation(cells, turns);
    cells.putRest(value, std::array<std::string_view, 2>{"conversations", "system"});
    return {};
}

}  // namespace

ImporterEntry shareGptImporter() {
    return detail::shapedImporter(
        "sharegpt", "ShareGPT conversations", {"json", "jsonl"},
        [](const detail::JsonMembers& members) {
            return has(members, "conversations", JsonKind::ObjectList) && !has(members, "chosen");
        },
        shape);
}

}  // namespace lathe::corpus
