// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A row as an example: texts with labels, numbers, parts, and pairs. Conversations: dataset_chats.cpp.
#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "core/utf8.h"
#include "train/detail/dataset_rows.h"

namespace lathe::train {
namespace {

tl::unexpected<Error> wrong(const DatasetRow& row, const std::string& path, const std::string& what) {
    return fail(ErrorCode::InvalidInput, fmt::format("{}: {} {}", row.where, path, what));
}

Result<double> numberField(const DatasetRow& row, const Json& object, const std::string& key) {
    const Json& value = object[key];
    double number = kNoValue;
    if (value.is_number())
        number = value.get<double>();
    else if (row.isTable && value.is_string()) {
        const std::string& text = value.get_ref<const std::string&>();
        const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (code != std::errc{} || end != text.data() + text.size())
            number = kNoValue;
    }
    if (!std::isfinite(number))
        return wrong(row, key, fmt::format("should be a number, not {}", clipUtf8(toLine(value), 60)));
    return number;
}

/// A label's name: a text, or a number as it is written.
Result<std::string> nameOf(const DatasetRow& row, const Json& value, const std::string& path) {
    std::string name = value.is_string()           ? value.get<std::string>()
                       : value.is_number_integer() ? std::to_string(value.get<std::int64_t>())
                       : value.is_boolean()        ? (value.get<bool>() ? "true" : "false")
                                                   : std::string();
    if (name.empty())
        return wrong(row, path, fmt::format("should be a label's name, not {}", clipUtf8(toLine(value), 60)));
    return name;
}

std::vector<std::string> divided(const std::string& cell) {
    const char divider = cell.find('|') != std::string::npos ? '|' : ';';
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= cell.size();) {
        const std::size_t end = std::min(cell.find(divider, at), cell.size());
        std::size_t from = at, to = end;
        while (from < to && cell[from] == ' ')
            ++from;
        while (from < to && cell[to - 1] == ' ')
            --to;
        if (to > from)
            parts.push_back(cell.substr(from, to - from));
        at = end + 1;
    }
    return parts;
}

/// Names under "label", "labels", "cats" or "accept"; in a table also columns of 0 and 1.
Result<std::vector<std::string>> labelNames(const DatasetRow& row) {
    const Json& object = row.object;
    const std::string key = firstKey(object, {"labels", "label", "cats", "accept"});
    std::vector<std::string> names;
    if (key.empty()) {
        for (const auto& [column, value] : object.items())
            if (row.isTable && column != "text" && column != "id" && value == "1")
                names.push_back(column);
        return names;
    }
    const Json& value = object[key];
    if (row.isTable)
        return divided(value.get<std::string>());
    if (!value.is_array()) {
        LATHE_TRY(names.emplace_back(), nameOf(row, value, key));
        return names;
    }
    for (std::size_t i = 0; i < value.size(); ++i) {
        LATHE_TRY(names.emplace_back(), nameOf(row, value[i], fmt::format("{}[{}]", key, i)));
    }
    return names;
}

Result<NamedSpan> checkedSpan(const DatasetRow& row, const std::string& path, const Json& begin, const Json& end,
                              const Json& label, std::int64_t length) {
    if (!begin.is_number_integer() || !end.is_number_integer())
        return wrong(row, path, "should have whole numbers for begin and end");
    const auto from = begin.get<std::int64_t>(), to = end.get<std::int64_t>();
    if (from < 0 || to <= from || to > length)
        return wrong(row, path, fmt::format("goes from {} to {}, in a text of {} characters", from, to, length));
    NamedSpan span{static_cast<std::int32_t>(from), static_cast<std::int32_t>(to), {}};
    LATHE_TRY(span.label, nameOf(row, label, path + "'s label"));
    return span;
}

/// [b, e, "X"], {"start", "end", "label"} or {"start_offset", "end_offset", "label"}
Result<std::vector<NamedSpan>> spansOf(const DatasetRow& row, std::int64_t length) {
    const Json& object = row.object;
    const std::string key = firstKey(object, {"spans", "entities", "label", "labels"});
    std::vector<NamedSpan> spans;
    if (key.empty())
        return spans;
    if (!object[key].is_array())
        return wrong(row, key, "should be a list of labelled parts [begin, end, \"label\"]");
    for (std::size_t i = 0; i < object[key].size(); ++i) {
        const Json& item = object[key][i];
        const std::string path = fmt::format("{}[{}]", key, i);
        if (item.is_array() && item.size() == 3) {
            LATHE_TRY(spans.emplace_back(), checkedSpan(row, path, item[0], item[1], item[2], length));
            continue;
        }
        if (!item.is_object())
            return wrong(row, path, "should be [begin, end, \"label\"]");
        const std::string begin = firstKey(item, {"start", "start_offset", "begin"});
        const std::string end = firstKey(item, {"end", "end_offset"});
        if (begin.empty() || end.empty() || !item.contains("label"))
            return wrong(row, path, "should have \"start\", \"end\" and \"label\"");
        LATHE_TRY(spans.emplace_back(), checkedSpan(row, path, item[begin], item[end], item["label"], length));
    }
    return spans;
}

/// {"userInput": {"text"}, "labels": [{"slot", "valueSpan": {"startIndex"?, "endIndex"}}]}: a begin of 0 is left out.
Result<RowExample> slotExample(const DatasetRow& row) {
    RowExample result;
    const Json& input = row.object["userInput"];
    if (!input.is_object() || !input.contains("text"))
        return wrong(row, "userInput", "should be an object with \"text\"");
    LATHE_TRY(result.example.text, textField(row, input, "text", "userInput.text"));
    const auto length = static_cast<std::int64_t>(countCodePoints(result.example.text));
    const auto labels = row.object.find("labels");
    if (labels == row.object.end())
        return result;
    if (!labels->is_array())
        return wrong(row, "labels", "should be a list");
    for (std::size_t i = 0; i < labels->size(); ++i) {
        const Json& item = (*labels)[i];
        const std::string path = fmt::format("labels[{}]", i);
        const bool whole =
            item.is_object() && item.contains("slot") && item.contains("valueSpan") && item["valueSpan"].is_object();
        if (!whole)
            return wrong(row, path, "should have \"slot\" and \"valueSpan\"");
        const Json& span = item["valueSpan"];
        LATHE_TRY(result.spans.emplace_back(),
                  checkedSpan(row, path + ".valueSpan", span.contains("startIndex") ? span["startIndex"] : Json(0),
                              span.contains("endIndex") ? span["endIndex"] : Json(0), item["slot"], length));
    }
    return result;
}

Result<RowExample> pairExample(const DatasetRow& row, DataKind kind) {
    RowExample result;
    const auto [first, second] = pairKeys(row.object);
    if (first.empty())
        return wrong(row, "the row", "has no two texts (\"text1\" and \"text2\")");
    LATHE_TRY(result.example.text, textField(row, row.object, first, first));
    LATHE_TRY(result.example.second, textField(row, row.object, second, second));
    if (kind == DataKind::Match)
        return result;
    const std::string key = firstKey(row.object, {"score", "similarity_score", "similarity", "label"});
    if (key.empty())
        return wrong(row, "score", "is missing: how well do the two texts go together?");
    if (kind == DataKind::PairScore) {
        LATHE_TRY(result.example.score, numberField(row, row.object, key));
    } else {
        LATHE_TRY(result.labels.emplace_back(), nameOf(row, row.object[key], key));
    }
    return result;
}

Result<RowExample> transformExample(const DatasetRow& row) {
    RowExample result;
    auto [from, to] = transformKeys(row.object);
    if (from.empty())
        std::tie(from, to) = answerKeys(row.object);
    if (from.empty())
        return wrong(row, "the row", "has no \"source\" and \"target\"");
    LATHE_TRY(result.example.text, textField(row, row.object, from, from));
    LATHE_TRY(result.example.answer, textField(row, row.object, to, to));
    return result;
}

/// The text under "text", or where a row of another kind has its words.
Result<std::string> plainText(const DatasetRow& row) {
    const std::string key = firstKey(row.object, {"text", "content", "document"});
    return textField(row, row.object, key.empty() ? "text" : key, key.empty() ? "text" : key);
}

}  // namespace

Result<std::string> textField(const DatasetRow& row, const Json& object, const std::string& key,
                              const std::string& path) {
    const auto found = object.find(key);
    if (found == object.end())
        return wrong(row, path, "is missing");
    if (!found->is_string())
        return wrong(row, path, fmt::format("should be a text, not {}", clipUtf8(toLine(*found), 60)));
    return found->get<std::string>();
}

Result<RowExample> exampleOf(const DatasetRow& row, DataKind kind) {
    RowExample result;
    switch (kind) {
        case DataKind::Chat:
            return chatExample(row);
        case DataKind::Preference:
            return preferenceExample(row);
        case DataKind::TextToText:
            return transformExample(row);
        case DataKind::PairScore:
        case DataKind::PairLabel:
        case DataKind::Match:
            return pairExample(row, kind);
        case DataKind::Spans:
            if (row.object.contains("userInput"))
                return slotExample(row);
            break;
        default:
            break;
    }
    LATHE_TRY(result.example.text, plainText(row));
    if (kind == DataKind::Spans) {
        LATHE_TRY(result.spans, spansOf(row, static_cast<std::int64_t>(countCodePoints(result.example.text))));
    } else if (kind == DataKind::Score) {
        const std::string key = firstKey(row.object, {"score", "label", "labels"});
        if (key.empty())
            return wrong(row, "score", "is missing");
        LATHE_TRY(result.example.score, numberField(row, row.object, key));
    } else if (kind == DataKind::Labels) {
        LATHE_TRY(result.labels, labelNames(row));
    } else if (kind == DataKind::Label) {
        const std::string key = firstKey(row.object, {"label", "labels", "cats", "accept", "score"});
        if (key.empty())
            return wrong(row, "label", "is missing");
        const Json& value = row.object[key];
        if (value.is_array() && value.size() != 1)
            return wrong(row, key, fmt::format("should be one label, not {}", value.size()));
        LATHE_TRY(result.labels.emplace_back(), nameOf(row, value.is_array() ? value[0] : value, key));
    }
    return result;
}

}  // namespace lathe::train
