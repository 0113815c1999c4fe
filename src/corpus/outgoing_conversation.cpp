// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/outgoing_conversation.h"

#include <algorithm>

#include "corpus/detail/conversation.h"

namespace lathe::corpus::detail {

std::vector<Turn> turnsOf(const OutgoingSample& outgoing, bool withAnswer) {
    const Sample& sample = outgoing.sample;
    std::vector<Turn> turns = sample.content.turns;
    if (turns.empty()) {
        turns.push_back({"user", sample.text});
        if (withAnswer)
            turns.push_back({"assistant", sample.answer});
    }
    const auto system = std::ranges::find(outgoing.metadata, "system", &std::pair<std::string, std::string>::first);
    if (system != outgoing.metadata.end() && turns.front().role != "system")
        turns.insert(turns.begin(), {"system", system->second});
    return turns;
}

void reportMetadata(const OutgoingSample& outgoing, Losses& losses) {
    if (std::ranges::any_of(outgoing.metadata, [](const auto& each) { return each.first != "system"; }))
        losses.reduced(lossOf(Part::Metadata));
}

Json messageOf(const Turn& turn) {
    if (turn.role == "tool_calls")
        if (const auto calls = parseJson(turn.text, "calls of tools"); calls && calls->is_array() && !calls->empty())
            return {{"role", "assistant"}, {"content", nullptr}, {"tool_calls", *calls}};
    return {{"role", turn.role}, {"content", turn.text}};
}

Json messagesOf(const std::vector<Turn>& turns) {
    Json messages = Json::array();
    for (const Turn& turn : turns)
        messages.push_back(messageOf(turn));
    return messages;
}

Json shareGptOf(const Turn& turn) {
    return {{"from", fromName(turn.role)}, {"value", turn.text}};
}

std::optional<Alternating> alternating(const std::vector<Turn>& turns) {
    Alternating found;
    std::size_t at = 0;
    if (!turns.empty() && turns.front().role == "system")
        found.system = turns[at++].text;
    for (; at < turns.size(); at += 2) {
        if (turns[at].role != "user" || (at + 1 < turns.size() && turns[at + 1].role != "assistant"))
            return std::nullopt;
        if (at + 2 < turns.size()) {
            found.history.emplace_back(turns[at].text, turns[at + 1].text);
            continue;
        }
        found.question = turns[at].text;
        if (at + 1 < turns.size())
            found.answer = turns[at + 1].text;
        return found;
    }
    return std::nullopt;
}

Json alpacaOf(const Alternating& turns) {
    Json json{{"instruction", turns.question}, {"input", ""}};
    if (!turns.system.empty())
        json["system"] = turns.system;
    if (!turns.history.empty()) {
        json["history"] = Json::array();
        for (const auto& [question, answer] : turns.history)
            json["history"].push_back({question, answer});
    }
    return json;
}

bool isConversation(const OutgoingSample& outgoing, Losses& losses) {
    const auto& turns = outgoing.sample.content.turns;
    if (turns.empty() && outgoing.sample.answer.empty()) {
        losses.leftOut(kNoAnswerLoss);
        return false;
    }
    if (!turns.empty() && !outgoing.sample.answer.empty())
        losses.reduced(lossOf(Part::Answer));
    if (!turns.empty() && isQuestion(turns))
        losses.reduced(kPairOfTurnsLoss);
    return true;
}

}  // namespace lathe::corpus::detail
