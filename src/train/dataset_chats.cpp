// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Rows with conversations: OpenAI, ShareGPT, Alpaca, and preferences in their shapes.
#include <fmt/format.h>

#include "core/utf8.h"
#include "train/detail/dataset_rows.h"

namespace lathe::train {
namespace {

tl::unexpected<Error> wrong(const DatasetRow& row, const std::string& path, const std::string& what) {
    return fail(ErrorCode::InvalidInput, fmt::format("{}: {} {}", row.where, path, what));
}

std::string roleFrom(const std::string& name) {
    return name == "human" ? "user" : name == "gpt" ? "assistant" : name;
}

/// "content" of OpenAI: a text, or a list of parts {"type": "text", "text"}.
Result<std::string> contentOf(const DatasetRow& row, const Json& message, const std::string& key,
                              const std::string& path) {
    const auto found = message.find(key);
    if (found == message.end() || !found->is_array())
        return textField(row, message, key, path);
    std::string text;
    for (std::size_t i = 0; i < found->size(); ++i) {
        const Json& part = (*found)[i];
        const std::string where = fmt::format("{}[{}]", path, i);
        if (!part.is_object() || part.value("type", Json()) != "text")
            return fail(ErrorCode::Unsupported,
                        fmt::format("{}: {} is no text; only texts can be learnt from", row.where, where));
        LATHE_TRY(const std::string piece, textField(row, part, "text", where + ".text"));
        text += piece;
    }
    return text;
}

Result<bool> weightOf(const DatasetRow& row, const Json& message, const std::string& path) {
    const auto weight = message.find("weight");
    if (weight == message.end() || weight->is_null())
        return true;
    if (*weight != 0 && *weight != 1)
        return wrong(row, path + ".weight", fmt::format("should be 0 or 1, not {}", clipUtf8(toLine(*weight), 40)));
    return *weight == 1;
}

Result<ExampleMessage> messageOf(const DatasetRow& row, const Json& item, const std::string& path) {
    if (!item.is_object())
        return wrong(row, path, "should be a message {\"role\", \"content\"}");
    for (const char* key : {"tool_calls", "function_call"})
        if (item.contains(key) && !item[key].is_null() && !item[key].empty())
            return fail(ErrorCode::Unsupported,
                        fmt::format("{}: {}.{}: calls of tools cannot be learnt from; leave such conversations out",
                                    row.where, path, key));
    const std::string roleKey = item.contains("from") ? "from" : "role";
    const std::string textKey = item.contains("value") ? "value" : "content";
    ExampleMessage message;
    LATHE_TRY(const std::string role, textField(row, item, roleKey, path + "." + roleKey));
    message.role = roleFrom(role);
    if (message.role != "system" && message.role != "user" && message.role != "assistant")
        return fail(ErrorCode::Unsupported, fmt::format("{}: {}.{} is \"{}\"; it takes system, user (human) and "
                                                        "assistant (gpt)",
                                                        row.where, path, roleKey, clipUtf8(role, 40)));
    LATHE_TRY(message.text, contentOf(row, item, textKey, path + "." + textKey));
    LATHE_TRY(message.learnt, weightOf(row, item, path));
    return message;
}

Result<> withSystem(const DatasetRow& row, std::vector<ExampleMessage>& messages) {
    const auto system = row.object.find("system");
    if (system == row.object.end() || system->is_null() || *system == "")
        return {};
    ExampleMessage message{.role = "system", .text = {}};
    LATHE_TRY(message.text, textField(row, row.object, "system", "system"));
    if (messages.empty() || messages.front().role != "system")
        messages.insert(messages.begin(), std::move(message));
    return {};
}

/// Alpaca's instruction and input, with the turns before them.
Result<std::vector<ExampleMessage>> questionOf(const DatasetRow& row, const std::string& key) {
    const Json& object = row.object;
    std::vector<ExampleMessage> messages;
    if (const auto history = object.find("history"); history != object.end() && history->is_array())
        for (std::size_t i = 0; i < history->size(); ++i) {
            const Json& turn = (*history)[i];
            const std::string path = fmt::format("history[{}]", i);
            if (!turn.is_array() || turn.size() != 2 || !turn[0].is_string() || !turn[1].is_string())
                return wrong(row, path, "should be [\"question\", \"answer\"]");
            messages.push_back({.role = "user", .text = turn[0].get<std::string>()});
            messages.push_back({.role = "assistant", .text = turn[1].get<std::string>()});
        }
    LATHE_TRY(std::string text, textField(row, object, key, key));
    if (key == "instruction" && object.contains("input") && !object["input"].is_null()) {
        LATHE_TRY(const std::string input, textField(row, object, "input", "input"));
        if (!input.empty())
            text += "\n" + input;
    }
    messages.push_back({.role = "user", .text = std::move(text)});
    LATHE_CHECK(withSystem(row, messages));
    return messages;
}

/// An answer: a text, a message, or a list whose last message it is.
Result<std::string> answerOf(const DatasetRow& row, const std::string& key) {
    const Json& value = row.object[key];
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_object()) {
        LATHE_TRY(const ExampleMessage message, messageOf(row, value, key));
        return message.text;
    }
    LATHE_TRY(const auto messages, messagesOf(row, value, key));
    if (messages.empty() || messages.back().role != "assistant")
        return wrong(row, key, "should end with a message of the assistant");
    return messages.back().text;
}

/// Everything in front of the two answers.
Result<std::vector<ExampleMessage>> promptOf(const DatasetRow& row, const std::string& chosen) {
    const Json& object = row.object;
    if (object.contains("input") && object["input"].is_object()) {  // OpenAI
        const Json& input = object["input"];
        if (!input.contains("messages"))
            return wrong(row, "input.messages", "is missing");
        return messagesOf(row, input["messages"], "input.messages");
    }
    for (const char* key : {"conversations", "messages", "prompt"})
        if (object.contains(key) && object[key].is_array()) {
            LATHE_TRY(auto messages, messagesOf(row, object[key], key));
            LATHE_CHECK(withSystem(row, messages));
            return messages;
        }
    if (const std::string key = firstKey(object, {"instruction", "prompt", "question", "input"}); !key.empty())
        return questionOf(row, key);
    if (!object[chosen].is_array())
        return wrong(row, "prompt", "is missing: what are the two answers to?");
    LATHE_TRY(auto messages, messagesOf(row, object[chosen], chosen));  // whole conversations: all but the answer
    messages.pop_back();
    return messages;
}

}  // namespace

Result<std::vector<ExampleMessage>> messagesOf(const DatasetRow& row, const Json& list, const std::string& path) {
    if (!list.is_array() || list.empty())
        return wrong(row, path, "should be a list of messages");
    std::vector<ExampleMessage> messages;
    for (std::size_t i = 0; i < list.size(); ++i) {
        LATHE_TRY(messages.emplace_back(), messageOf(row, list[i], fmt::format("{}[{}]", path, i)));
    }
    return messages;
}

Result<RowExample> chatExample(const DatasetRow& row) {
    RowExample result;
    const std::string key = firstKey(row.object, {"messages", "conversations"});
    if (key.empty()) {
        const auto [question, answer] = answerKeys(row.object);
        if (question.empty())
            return wrong(row, "the row", "has no \"messages\", and no question with an answer");
        LATHE_TRY(auto messages, questionOf(row, question));
        LATHE_TRY(std::string text, textField(row, row.object, answer, answer));
        if (text.empty())
            return wrong(row, answer, "is empty");
        if (messages.size() == 1) {
            result.example.text = messages.front().text;
            result.example.answer = std::move(text);
            return result;
        }
        messages.push_back({.role = "assistant", .text = std::move(text)});
        result.example.messages = std::move(messages);
        return result;
    }
    LATHE_TRY(result.example.messages, messagesOf(row, row.object[key], key));
    LATHE_CHECK(withSystem(row, result.example.messages));
    bool answers = false;
    for (const auto& message : result.example.messages)
        answers = answers || message.role == "assistant";
    if (!answers)
        return wrong(row, key, "has no message of the assistant to learn from");
    return result;
}

Result<RowExample> preferenceExample(const DatasetRow& row) {
    RowExample result;
    const std::string chosen = firstKey(row.object, {"chosen", "chosen_response", "preferred_output"});
    const std::string rejected = firstKey(row.object, {"rejected", "rejected_response", "non_preferred_output"});
    if (chosen.empty() || rejected.empty())
        return wrong(row, chosen.empty() ? "chosen" : "rejected", "is missing");
    LATHE_TRY(result.example.messages, promptOf(row, chosen));
    LATHE_TRY(result.example.chosen, answerOf(row, chosen));
    LATHE_TRY(result.example.rejected, answerOf(row, rejected));
    if (result.example.messages.empty())
        return wrong(row, "prompt", "is empty");
    return result;
}

}  // namespace lathe::train
