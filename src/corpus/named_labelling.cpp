// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>

#include "core/hash.h"
#include "core/json.h"
#include "core/utf8.h"
#include "corpus/detail/column_roles.h"
#include "corpus/detail/named_labelling.h"

namespace lathe::corpus::detail {
namespace {

using Span = NewLabelling::Span;

/// The first of the members that is there; nullptr = none.
template <std::size_t N>
const Json* member(const Json& object, const std::array<const char*, N>& keys) {
    for (const char* key : keys)
        if (const auto found = object.find(key); found != object.end())
            return &*found;
    return nullptr;
}

Result<std::int32_t> placeFrom(const Json* value, std::int32_t fallback, const Json& whole) {
    if (!value)
        return fallback;
    if (!value->is_number_integer() || value->get<std::int64_t>() < 0 || value->get<std::int64_t>() > INT32_MAX)
        return fail(ErrorCode::InvalidInput, fmt::format("a labelled part has no place {}: {}",
                                                         clipUtf8(toLine(*value), 40), clipUtf8(toLine(whole), 80)));
    return value->get<std::int32_t>();
}

Result<std::string> nameFrom(const Json* value, const Json& whole) {
    if (value && value->is_array() && value->size() == 1)  // Label Studio's list of one
        value = &value->front();
    if (!value || !value->is_string() || trimmed(value->get<std::string>()).empty())
        return fail(ErrorCode::InvalidInput,
                    fmt::format("a labelled part without a label: {}", clipUtf8(toLine(whole), 80)));
    return trimmed(value->get<std::string>());
}

Result<Span> spanFrom(const Json& json) {
    if (json.is_array() && json.size() == 3) {
        LATHE_TRY(const std::int32_t begin, placeFrom(&json[0], 0, json));
        LATHE_TRY(const std::int32_t end, placeFrom(&json[1], 0, json));
        LATHE_TRY(std::string label, nameFrom(&json[2], json));
        return Span{begin, end, std::move(label)};
    }
    if (!json.is_object())
        return fail(ErrorCode::InvalidInput, fmt::format("{} is no labelled part", clipUtf8(toLine(json), 80)));
    if (const auto value = json.find("valueSpan"); value != json.end() && value->is_object()) {
        LATHE_TRY(const std::int32_t begin, placeFrom(member(*value, std::array{"startIndex"}), 0, json));
        LATHE_TRY(const std::int32_t end, placeFrom(member(*value, std::array{"endIndex"}), 0, json));
        LATHE_TRY(std::string label, nameFrom(member(json, std::array{"slot"}), json));
        return Span{begin, end, std::move(label)};
    }
    const Json* begin = member(json, std::array{"start", "start_offset", "begin"});
    const Json* end = member(json, std::array{"end", "end_offset"});
    if (!begin || !end)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("a labelled part without start and end: {}", clipUtf8(toLine(json), 80)));
    LATHE_TRY(const std::int32_t first, placeFrom(begin, 0, json));
    LATHE_TRY(const std::int32_t last, placeFrom(end, 0, json));
    LATHE_TRY(std::string label, nameFrom(member(json, std::array{"label", "labels", "type"}), json));
    return Span{first, last, std::move(label)};
}

Result<std::vector<std::string>> namesIn(const Json& list) {
    std::vector<std::string> labels;
    for (const Json& each : list) {
        if (!each.is_string() || trimmed(each.get<std::string>()).empty())
            return fail(ErrorCode::InvalidInput, fmt::format("{} is no label", clipUtf8(toLine(each), 80)));
        std::string name = trimmed(each.get<std::string>());
        if (std::ranges::find(labels, name) == labels.end())
            labels.push_back(std::move(name));
    }
    return labels;
}

Json spansAsJson(const std::vector<Span>& spans) {
    Json json = Json::array();
    for (const Span& span : spans)
        json.push_back({{"start", span.begin}, {"end", span.end}, {"label", span.label}});
    return json;
}

}  // namespace

NewLabelling named(const Labelling& labelling, const NameOf& nameOf) {
    NewLabelling result;
    result.rating = labelling.rating;
    if (labelling.labels) {
        result.labels.emplace();
        for (const LabelId label : *labelling.labels)
            result.labels->push_back(nameOf(label));
    }
    if (labelling.spans) {
        result.spans.emplace();
        for (const SampleSpan& span : *labelling.spans)
            result.spans->push_back({span.begin, span.end, nameOf(span.label)});
    }
    result.preferred = labelling.preferred;
    if (labelling.turns) {
        result.turns.emplace();
        for (const TurnLabel& turn : *labelling.turns)
            result.turns->push_back({turn.turn, nameOf(turn.label)});
    }
    return result;
}

std::uint64_t labellingHash(const NewLabelling& labelling) {
    if (labelling.isEmpty())
        return 0;
    NewLabelling sorted = labelling;
    if (sorted.labels)
        std::ranges::sort(*sorted.labels);
    if (sorted.spans)
        std::ranges::sort(*sorted.spans, {},
                          [](const Span& span) { return std::tie(span.begin, span.end, span.label); });
    std::string text = labelsJson(sorted) + "\n" + spansJson(sorted);
    if (sorted.rating)
        text += fmt::format("\n{}", *sorted.rating);
    if (sorted.preferred)
        text += fmt::format("\npreferred {}", *sorted.preferred);
    if (sorted.turns) {
        std::ranges::sort(*sorted.turns, {}, [](const auto& turn) { return std::tie(turn.turn, turn.label); });
        for (const auto& turn : *sorted.turns)
            text += fmt::format("\nturn {} {}", turn.turn, turn.label);
    }
    return hash64(text);
}

std::string labelsJson(const NewLabelling& labelling) {
    return labelling.labels ? toLine(Json(*labelling.labels)) : std::string();
}

std::string spansJson(const NewLabelling& labelling) {
    return labelling.spans ? toLine(spansAsJson(*labelling.spans)) : std::string();
}

Result<std::optional<std::vector<std::string>>> labelListFrom(std::string_view cell) {
    const auto begin = cell.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos || cell[begin] != '[')
        return std::nullopt;
    const auto json = parseJson(cell, "label");
    if (!json || !json->is_array() || (json->size() == 1 && json->front().is_string()))
        return std::nullopt;
    return namesIn(*json);
}

Result<std::vector<std::string>> labelSetFrom(std::string_view cell) {
    if (const auto begin = cell.find_first_not_of(" \t\r\n"); begin != std::string_view::npos && cell[begin] == '[')
        if (const auto json = parseJson(cell, "labels"); json && json->is_array())
            return namesIn(*json);
    const char parting = cell.find('|') != std::string_view::npos ? '|' : ';';
    std::vector<std::string> labels;
    for (std::size_t at = 0; at <= cell.size();) {
        const std::size_t end = std::min(cell.find(parting, at), cell.size());
        if (std::string name = trimmed(cell.substr(at, end - at));
            !name.empty() && std::ranges::find(labels, name) == labels.end())
            labels.push_back(std::move(name));
        at = end + 1;
    }
    return labels;
}

Result<std::vector<Span>> spansFromCell(std::string_view cell) {
    LATHE_TRY(const Json json, parseJson(cell, "labelled parts"));
    if (!json.is_array())
        return fail(ErrorCode::InvalidInput, fmt::format("{} is no list of labelled parts", clipUtf8(cell, 80)));
    std::vector<Span> spans;
    for (const Json& each : json) {
        LATHE_TRY(Span span, spanFrom(each));
        spans.push_back(std::move(span));
    }
    return spans;
}

}  // namespace lathe::corpus::detail
