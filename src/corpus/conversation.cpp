// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/conversation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/utf8.h"

namespace lathe::corpus::detail {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kRoleNames{
    {{"human", "user"}, {"gpt", "assistant"}, {"observation", "tool"}}};

// Parts of a message: text alone can be kept.
Result<std::string> textOf(const Json& content, const Json& whole) {
    if (content.is_string())
        return content.get<std::string>();
    std::string text;
    if (content.is_array()) {
        for (const Json& part : content) {
            const auto found = part.is_object() ? part.find("text") : part.end();
            if (!part.is_object() || found == part.end() || !found->is_string())
                return fail(ErrorCode::InvalidInput,
                            fmt::format("a turn has a part that is no text: {}", clipUtf8(toLine(part), 80)));
            text += found->get<std::string>();
        }
        return text;
    }
    return fail(ErrorCode::InvalidInput, fmt::format("a turn without a text: {}", clipUtf8(toLine(whole), 80)));
}

}  // namespace

Result<Turn> turnFrom(const Json& json) {
    if (!json.is_object())
        return fail(ErrorCode::InvalidInput, fmt::format("{} is no turn", clipUtf8(toLine(json), 80)));
    Turn turn;
    const Json* text = nullptr;
    for (const char* key : {"role", "from"})
        if (const auto found = json.find(key); found != json.end() && found->is_string())
            turn.role = found->get<std::string>();
    for (const char* key : {"content", "value", "text"})
        if (const auto found = json.find(key); found != json.end() && !text)
            text = &*found;
    if (turn.role.empty())
        return fail(ErrorCode::InvalidInput, fmt::format("a turn without a role: {}", clipUtf8(toLine(json), 80)));
    for (const auto& [name, usual] : kRoleNames)
        if (turn.role == name)
            turn.role = usual;
    if (const auto calls = json.find("tool_calls"); calls != json.end() && calls->is_array() && !calls->empty())
        return Turn{"tool_calls", toLine(*calls)};
    if (!text)
        return fail(ErrorCode::InvalidInput, fmt::format("a turn without a text: {}", clipUtf8(toLine(json), 80)));
    LATHE_TRY(turn.text, textOf(*text, json));
    return turn;
}

Result<std::vector<Turn>> turnsFrom(const Json& list) {
    if (!list.is_array() || list.empty())
        return fail(ErrorCode::InvalidInput, "a conversation without turns");
    std::vector<Turn> turns;
    for (const Json& each : list) {
        LATHE_TRY(Turn turn, turnFrom(each));
        turns.push_back(std::move(turn));
    }
    return turns;
}

std::string turnsJson(const std::vector<Turn>& turns) {
    Json json = Json::array();
    for (const Turn& turn : turns)
        json.push_back({{"role", turn.role}, {"text", turn.text}});
    return toLine(json);
}

std::string fromName(const std::string& role) {
    for (const auto& [name, usual] : kRoleNames)
        if (role == usual)
            return std::string(name);
    return role;
}

bool isQuestion(const std::vector<Turn>& turns) {
    const std::size_t first = !turns.empty() && turns.front().role == "system" ? 1 : 0;
    return turns.size() == first + 2 && turns[first].role == "user" && turns[first + 1].role == "assistant" &&
           !turns[first].text.empty() && !turns[first + 1].text.empty();
}

void putConversation(Cells& cells, const std::vector<Turn>& turns) {
    if (isQuestion(turns)) {
        if (turns.size() == 3)
            cells.put("system", turns.front().text);
        cells.put("text", turns[turns.size() - 2].text);
        cells.put("answer", turns.back().text);
        return;
    }
    cells.put("text", transcript(turns));
    cells.put("turns", turnsJson(turns));
}

void putComparison(Cells& cells, const Comparison& comparison) {
    const auto& prompt = comparison.prompt;
    const std::size_t first = !prompt.empty() && prompt.front().role == "system" ? 1 : 0;
    if (prompt.size() == first + 1 && prompt.back().role == "user") {
        if (first == 1)
            cells.put("system", prompt.front().text);
        cells.put("text", prompt.back().text);
    } else {
        cells.put("text", transcript(prompt));
        cells.put("turns", turnsJson(prompt));
    }
    cells.put("chosen", comparison.chosen);
    cells.put("rejected", comparison.rejected);
}

}  // namespace lathe::corpus::detail
