// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a row's keys say it is.
#include <fmt/format.h>

#include <array>
#include <charconv>
#include "core/utf8.h"

#include "train/detail/dataset_rows.h"

namespace lathe::train {
namespace {

bool has(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && !found->is_null();
}

bool isNumber(const DatasetRow& row, const Json& value) {
    if (value.is_number())
        return true;
    if (!row.isTable || !value.is_string())
        return false;
    const std::string& text = value.get_ref<const std::string&>();
    double number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    return code == std::errc{} && end == text.data() + text.size();
}

/// A label as a whole number is a class; anything else that is a number is a score.
bool isFraction(const DatasetRow& row, const Json& value) {
    if (value.is_number())
        return value.is_number_float();
    return isNumber(row, value) && value.get_ref<const std::string&>().find_first_of(".eE") != std::string::npos;
}

/// A table with a text, and nothing but 0 and 1 beside it.
bool hasLabelColumns(const DatasetRow& row) {
    std::size_t flags = 0;
    for (const auto& [key, value] : row.object.items()) {
        if (key == "text" || key == "id")
            continue;
        if (value != "0" && value != "1")
            return false;
        ++flags;
    }
    return row.isTable && flags > 1;
}

std::optional<DataKind> kindOfLabels(const Json& labels) {
    if (labels.empty())
        return std::nullopt;  // no labels, or no labelled parts
    const bool parts = labels.front().is_array() || labels.front().is_object();
    return parts ? DataKind::Spans : DataKind::Labels;
}

std::optional<DataKind> kindOfText(const DatasetRow& row) {
    const Json& object = row.object;
    for (const char* key : {"spans", "entities"})
        if (has(object, key) && object[key].is_array())
            return DataKind::Spans;
    if (has(object, "score"))
        return DataKind::Score;
    for (const char* key : {"labels", "label", "cats", "accept"}) {
        if (!has(object, key))
            continue;
        const Json& label = object[key];
        if (label.is_array())
            return kindOfLabels(label);
        return isFraction(row, label) ? DataKind::Score : DataKind::Label;
    }
    return hasLabelColumns(row) ? DataKind::Labels : DataKind::Text;
}

}  // namespace

std::string firstKey(const Json& object, std::initializer_list<const char*> keys) {
    for (const char* key : keys)
        if (has(object, key))
            return key;
    return {};
}

std::pair<std::string, std::string> pairKeys(const Json& object) {
    constexpr std::array kKeys{
        std::pair{"text1", "text2"},        std::pair{"text_a", "text_b"},   std::pair{"sentence1", "sentence2"},
        std::pair{"premise", "hypothesis"}, std::pair{"query", "passage"},   std::pair{"query", "document"},
        std::pair{"query", "positive"},     std::pair{"anchor", "positive"}, std::pair{"question1", "question2"}};
    for (const auto& [first, second] : kKeys)
        if (has(object, first) && has(object, second))
            return {first, second};
    return {};
}

std::pair<std::string, std::string> transformKeys(const Json& object) {
    constexpr std::array kKeys{std::pair{"source", "target"}, std::pair{"document", "summary"},
                               std::pair{"article", "highlights"}, std::pair{"text", "summary"},
                               std::pair{"input", "target"}};
    for (const auto& [first, second] : kKeys)
        if (has(object, first) && has(object, second))
            return {first, second};
    return {};
}

std::pair<std::string, std::string> answerKeys(const Json& object) {
    const std::string question = firstKey(object, {"instruction", "prompt", "question", "input", "user"});
    const std::string answer = firstKey(object, {"output", "completion", "response", "answer", "assistant"});
    return question.empty() || answer.empty() ? std::pair<std::string, std::string>() : std::pair{question, answer};
}

Result<std::optional<DataKind>> kindOfRow(const DatasetRow& row) {
    const Json& object = row.object;
    if (has(object, "kto_tag"))
        return fail(
            ErrorCode::Unsupported,
            fmt::format("{}: kto_tag: single answers that are liked or not cannot be learnt from; give a chosen "
                        "and a rejected one",
                        row.where));
    const bool twoAnswers = !firstKey(object, {"chosen", "chosen_response", "preferred_output"}).empty();
    if (twoAnswers)
        return DataKind::Preference;
    if (has(object, "messages") || has(object, "conversations"))
        return DataKind::Chat;
    if (has(object, "userInput"))
        return DataKind::Spans;
    if (!transformKeys(object).first.empty())
        return DataKind::TextToText;
    if (!pairKeys(object).first.empty()) {
        const std::string key = firstKey(object, {"score", "similarity_score", "similarity", "label"});
        if (key.empty())
            return DataKind::Match;
        return isNumber(row, object[key]) ? DataKind::PairScore : DataKind::PairLabel;
    }
    if (!answerKeys(object).first.empty())
        return DataKind::Chat;
    if (has(object, "text"))
        return kindOfText(row);
    std::string keys;
    for (const auto& [key, value] : object.items())
        keys += (keys.empty() ? "" : ", ") + key.substr(0, 60);
    return fail(ErrorCode::InvalidInput,
                fmt::format("{}: the keys {} are of no known kind of data; a text to learn from is expected under "
                            "\"text\", \"messages\", \"instruction\", \"prompt\" or a pair of such",
                            row.where, keys.empty() ? "(none)" : clipUtf8(keys, 300)));
}

const char* describe(DataKind kind) {
    switch (kind) {
        case DataKind::Label:
            return "texts with a label";
        case DataKind::Labels:
            return "texts with any number of labels";
        case DataKind::Score:
            return "texts with a number";
        case DataKind::Spans:
            return "texts with labelled parts";
        case DataKind::Text:
            return "texts";
        case DataKind::Chat:
            return "questions with answers, or conversations";
        case DataKind::TextToText:
            return "texts and what they become";
        case DataKind::Preference:
            return "questions with a better and a worse answer";
        case DataKind::PairScore:
            return "pairs of texts with a number";
        case DataKind::PairLabel:
            return "pairs of texts with a label";
        case DataKind::Match:
            return "pairs of texts that belong together";
    }
    return "";
}

}  // namespace lathe::train
