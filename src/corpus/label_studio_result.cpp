// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/detail/label_studio_result.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/utf8.h"
#include "corpus/detail/column_roles.h"
#include "corpus/detail/named_labelling.h"

namespace lathe::corpus::detail {
namespace {

const Json* member(const Json& object, std::string_view key) {
    const auto found = object.is_object() ? object.find(std::string(key)) : object.end();
    return !object.is_object() || found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string textOf(const Json* value) {
    return value && value->is_string() ? value->get<std::string>() : std::string();
}

/// The texts of a list, or of one text.
std::vector<std::string> textsOf(const Json* value) {
    std::vector<std::string> texts;
    if (value && value->is_string())
        texts.push_back(value->get<std::string>());
    else if (value && value->is_array())
        for (const Json& each : *value)
            if (each.is_string())
                texts.push_back(each.get<std::string>());
    return texts;
}

/// Code points before UTF-16 unit \p unit.
std::int32_t pointsBefore(const std::u32string& text, std::int64_t unit) {
    std::int32_t points = 0;
    for (std::int64_t units = 0; units < unit && points < static_cast<std::int32_t>(text.size()); ++points)
        units += text[static_cast<std::size_t>(points)] > 0xFFFF ? 2 : 1;
    return points;
}

class Reader {
public:
    Reader(const Json& data, const std::string& text) : m_data(data), m_points(toCodePoints(text)) {}

    Result<> take(const Json& item, LabelStudioResult& result) {
        const std::string type = textOf(member(item, "type"));
        const Json* value = member(item, "value");
        if (type == "relation") {
            remark(result, "relations between labelled parts are not kept");
            return {};
        }
        if (!value)
            return fail(ErrorCode::InvalidInput,
                        fmt::format("a result without a value: {}", clipUtf8(toLine(item), 80)));
        if (const Json* choices = member(*value, "choices")) {
            for (std::string& name : textsOf(choices))
                if (std::ranges::find(result.labels, name) == result.labels.end())
                    result.labels.push_back(std::move(name));
        } else if (const Json* rating = member(*value, "rating"); rating && rating->is_number()) {
            result.labelling.rating = rating->get<double>();
        } else if (const Json* selected = member(*value, "selected")) {
            takePair(item, textOf(selected), result);
        } else if (member(*value, "start") && member(*value, "end")) {
            return takePart(type, *value, result);
        } else if (const Json* typed = member(*value, "text")) {
            std::string answer;
            for (const std::string& line : textsOf(typed))
                answer += (answer.empty() ? "" : "\n") + line;
            result.answer = std::move(answer);
        } else {
            remark(result, fmt::format("a result of the kind \"{}\" is not kept", clipUtf8(type, 40)));
        }
        return {};
    }

private:
    static void remark(LabelStudioResult& result, std::string what) {
        if (std::ranges::find(result.remarks, what) == result.remarks.end())
            result.remarks.push_back(std::move(what));
    }

    void takePair(const Json& item, const std::string& selected, LabelStudioResult& result) const {
        result.labelling.preferred = selected == "left" ? 0 : selected == "right" ? 1 : kNoneBetter;
        std::string names = textOf(member(item, "to_name"));
        result.candidates.clear();
        for (std::size_t at = 0; at <= names.size();) {
            const std::size_t end = std::min(names.find(',', at), names.size());
            const Json* answer = member(m_data, trimmed(names.substr(at, end - at)));
            if (answer && answer->is_string())
                result.candidates.push_back(answer->get<std::string>());
            at = end + 1;
        }
    }

    Result<> takePart(const std::string& type, const Json& value, LabelStudioResult& result) const {
        std::vector<std::string> names = textsOf(member(value, type.empty() ? "labels" : type));
        if (names.empty())
            names = textsOf(member(value, "labels"));
        if (names.empty()) {
            for (const auto& [key, other] : value.items())
                if (key.ends_with("labels"))
                    names = textsOf(&other);
        }
        const auto place = [&](const char* key) -> std::int64_t {
            const Json& number = *member(value, key);
            return number.is_number_integer() ? number.get<std::int64_t>() : -1;
        };
        std::int64_t begin = place("start"), end = place("end");
        if (begin < 0 || end < begin || end > INT32_MAX)
            return fail(ErrorCode::InvalidInput,
                        fmt::format("a labelled part has no place: {}", clipUtf8(toLine(value), 80)));
        if (const Json* said = member(value, "text"); said && said->is_string() && partAt(begin, end) != *said) {
            const std::int32_t first = pointsBefore(m_points, begin), last = pointsBefore(m_points, end);
            if (partAt(first, last) == *said) {
                begin = first;
                end = last;
            }
        }
        if (names.empty())
            remark(result, "parts without a label are not kept");
        if (!result.labelling.spans)
            result.labelling.spans.emplace();
        for (std::string& name : names)
            result.labelling.spans->push_back(
                {static_cast<std::int32_t>(begin), static_cast<std::int32_t>(end), std::move(name)});
        return {};
    }

    Json partAt(std::int64_t begin, std::int64_t end) const {
        const auto size = static_cast<std::int64_t>(m_points.size());
        if (begin > size || end > size)
            return {};
        return toUtf8(std::u32string_view(m_points).substr(static_cast<std::size_t>(begin),
                                                           static_cast<std::size_t>(end - begin)));
    }

    const Json& m_data;
    std::u32string m_points;
};

}  // namespace

void LabelStudioResult::put(Cells& cells) const {
    putLabels(cells, labels, isSet);
    if (labelling.rating)
        cells.put("rating", fmt::format("{}", *labelling.rating));
    if (labelling.spans)
        cells.put("spans", spansJson(labelling));
    if (labelling.preferred)
        cells.put("preferred", std::to_string(*labelling.preferred));
    if (!candidates.empty())
        cells.put("candidates", toLine(Json(candidates)));
    if (answer)
        cells.put("answer", *answer);
    for (const std::string& each : remarks)
        cells.remark(each);
}

Json LabelStudioResult::opinion(const std::string& annotator) const {
    Json json{{"annotator", annotator}};
    if (labels.size() == 1 && !isSet)
        json["label"] = labels.front();
    else if (!labels.empty() || isSet)
        json["labels"] = toLine(Json(labels));
    if (labelling.rating)
        json["rating"] = fmt::format("{}", *labelling.rating);
    if (labelling.spans)
        json["spans"] = spansJson(labelling);
    if (labelling.preferred)
        json["preferred"] = std::to_string(*labelling.preferred);
    return json;
}

Result<LabelStudioResult> readResult(const Json& annotation, const Json& data, const std::string& text) {
    LabelStudioResult result;
    if (const Json* isSet = member(annotation, kLabelSet))
        result.isSet = isSet->is_boolean() && isSet->get<bool>();
    if (textOf(member(annotation, kLabelledParts)) == "none")
        result.labelling.spans.emplace();
    Reader reader(data, text);
    if (const Json* items = member(annotation, "result"); items && items->is_array())
        for (const Json& item : *items)
            LATHE_CHECK(reader.take(item, result));
    return result;
}

bool isAnswerKey(std::string_view name) {
    return name.size() > 6 && name.starts_with("answer") &&
           name.find_first_not_of("0123456789", 6) == std::string_view::npos;
}

std::optional<Json> resultOfMinimal(const std::string& name, const Json& value) {
    const auto one = [&](const char* type, Json said) {
        return Json::array({Json{{"from_name", name}, {"type", type}, {"value", std::move(said)}}});
    };
    if (value.is_array() && !value.empty() && value.front().is_object() && value.front().contains("start")) {
        Json list = Json::array();
        for (const Json& part : value)
            list.push_back({{"from_name", name}, {"type", "labels"}, {"value", part}});
        return list;
    }
    if (value.is_object() && value.contains("choices"))
        return one("choices", value);
    if (value.is_string() && isRoleName(name) &&
        (name == "label" || name == "sentiment" || name == "class" || name == "category" || name == "intent" ||
         name == "topic"))
        return one("choices", {{"choices", Json::array({value})}});
    if (name == "rating" && value.is_number())
        return one("rating", {{"rating", value}});
    return std::nullopt;
}

}  // namespace lathe::corpus::detail
