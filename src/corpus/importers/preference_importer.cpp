// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Pairs of answers of which one is the better, in all usual spellings:
// TRL {"prompt", "chosen", "rejected"}, texts or messages, or the whole conversation twice without a prompt;
// Alpaca {"instruction", "input", "chosen", "rejected"} or "output": [better, other];
// ShareGPT {"conversations", "chosen": {"from", "value"}, "rejected"};
// OpenAI {"input": {"messages"}, "preferred_output", "non_preferred_output"}; H2O "chosen_response",
// "rejected_response". \source https://huggingface.co/docs/trl/dataset_formats;
// https://platform.openai.com/docs/guides/direct-preference-optimization
#include <algorithm>
#include <array>

#include "corpus/detail/conversation.h"

namespace lathe::corpus {
namespace {

using detail::JsonKind;
using detail::JsonMembers;

constexpr std::array<std::string_view, 17> kKnown{"prompt",
                                                  "question",
                                                  "instruction",
                                                  "input",
                                                  "conversations",
                                                  "system",
                                                  "history",
                                                  "chosen",
                                                  "rejected",
                                                  "output",
                                                  "preferred_output",
                                                  "non_preferred_output",
                                                  "preferred_completion",
                                                  "non_preferred_completion",
                                                  "chosen_response",
                                                  "rejected_response",
                                                  "messages"};

const Json* member(const Json& object, std::initializer_list<const char*> keys) {
    for (const char* key : keys)
        if (const auto found = object.find(key); found != object.end() && !found->is_null())
            return &*found;
    return nullptr;
}

/// A text, one message, or messages.
Result<std::vector<Turn>> turnsOf(const Json& value, const char* role) {
    if (value.is_string())
        return std::vector<Turn>{{role, value.get<std::string>()}};
    if (value.is_object()) {
        LATHE_TRY(Turn turn, detail::turnFrom(value));
        return std::vector<Turn>{std::move(turn)};
    }
    return detail::turnsFrom(value);
}

Result<std::vector<Turn>> promptOf(const Json& value) {
    std::vector<Turn> turns;
    LATHE_TRY(const auto system, detail::textMember(value, "system"));
    if (system && !system->empty())
        turns.push_back({"system", *system});
    if (const Json* history = member(value, {"history"}); history && history->is_array())
        for (const Json& pair : *history)
            if (pair.is_array() && pair.size() == 2 && pair[0].is_string() && pair[1].is_string()) {
                turns.push_back({"user", pair[0].get<std::string>()});
                turns.push_back({"assistant", pair[1].get<std::string>()});
            }
    std::vector<Turn> rest;
    const Json* input = member(value, {"input"});
    if (const Json* whole = member(value, {"prompt", "question", "conversations", "messages"})) {
        LATHE_TRY(rest, turnsOf(*whole, "user"));
    } else if (input && input->is_object()) {
        const Json* messages = member(*input, {"messages"});
        if (!messages)
            return fail(ErrorCode::InvalidInput, "\"input\" has no \"messages\"");
        LATHE_TRY(rest, detail::turnsFrom(*messages));
    } else if (const Json* instruction = member(value, {"instruction"})) {
        LATHE_TRY(rest, turnsOf(*instruction, "user"));
        if (input && input->is_string() && !input->get_ref<const std::string&>().empty())
            rest.back().text += (rest.back().text.empty() ? "" : "\n") + input->get<std::string>();
    }
    turns.insert(turns.end(), rest.begin(), rest.end());
    return turns;
}

Result<> shape(const Json& value, detail::Cells& cells) {
    if (!value.is_object())
        return fail(ErrorCode::InvalidInput, "no object with two answers");
    const Json* better = member(value, {"chosen", "chosen_response", "preferred_output", "preferred_completion"});
    const Json* other =
        member(value, {"rejected", "rejected_response", "non_preferred_output", "non_preferred_completion"});
    if (const Json* both = member(value, {"output"}); !better && both && both->is_array() && both->size() == 2) {
        better = &(*both)[0];
        other = &(*both)[1];
    }
    if (!better || !other)
        return fail(ErrorCode::InvalidInput, "two answers are needed, the better and the other one");
    detail::Comparison comparison;
    LATHE_TRY(comparison.prompt, promptOf(value));
    LATHE_TRY(auto chosen, turnsOf(*better, "assistant"));
    LATHE_TRY(auto rejected, turnsOf(*other, "assistant"));
    // Without a prompt both are whole conversations: what they have in common is the prompt.
    if (comparison.prompt.empty())
        while (chosen.size() > 1 && rejected.size() > 1 && chosen.front() == rejected.front()) {
            comparison.prompt.push_back(chosen.front());
            chosen.erase(chosen.begin());
            rejected.erase(rejected.begin());
        }
    if (comparison.prompt.empty())
        return fail(ErrorCode::InvalidInput, "no prompt, and the two conversations do not begin alike");
    if (chosen.size() != 1 || rejected.size() != 1)
        return fail(ErrorCode::InvalidInput, "an answer of several turns cannot be compared");
    comparison.chosen = chosen.front().text;
    comparison.rejected = rejected.front().text;
    detail::putComparison(cells, comparison);
    cells.putRest(value, kKnown);
    return {};
}

bool fits(const JsonMembers& members) {
    return (has(members, "chosen") && has(members, "rejected")) ||
           (has(members, "chosen_response") && has(members, "rejected_response")) ||
           (has(members, "input", JsonKind::Object) &&
            (has(members, "preferred_output") || has(members, "preferred_completion"))) ||
           (has(members, "instruction", JsonKind::Text) && has(members, "output", JsonKind::TextList));
}

}  // namespace

ImporterEntry preferenceImporter() {
    return detail::shapedImporter("preference", "Pairs of answers (preferences)", {"json", "jsonl"}, fits, shape);
}

}  // namespace lathe::corpus
