// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/labelling.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/json.h"
#include "core/utf8.h"

namespace lathe::corpus {
namespace {

template <class T>
void sortUnique(std::vector<T>& values) {
    std::ranges::sort(values);
    const auto rest = std::ranges::unique(values);
    values.erase(rest.begin(), rest.end());
}

Result<std::vector<std::int64_t>> idsFrom(const Json& json) {
    std::vector<std::int64_t> ids;
    for (const Json& id : json) {
        if (!id.is_number_integer())
            return fail(ErrorCode::InvalidInput, fmt::format("{} is no label's number", clipUtf8(toLine(id), 80)));
        ids.push_back(id.get<std::int64_t>());
    }
    return ids;
}

Result<std::vector<SampleSpan>> spansFrom(const Json& json) {
    std::vector<SampleSpan> spans;
    for (const Json& span : json) {
        const bool isSpan = span.is_array() && span.size() == 3 &&
                            std::ranges::all_of(span, [](const Json& number) { return number.is_number_integer(); });
        if (!isSpan)
            return fail(ErrorCode::InvalidInput,
                        fmt::format("{} is no [begin, end, label]", clipUtf8(toLine(span), 80)));
        const auto begin = span[0].get<std::int64_t>(), end = span[1].get<std::int64_t>();
        if (begin < 0 || end <= begin || end > INT32_MAX)
            return fail(ErrorCode::InvalidInput, fmt::format("{} to {} is no part of a text", begin, end));
        spans.push_back(
            {static_cast<std::int32_t>(begin), static_cast<std::int32_t>(end), span[2].get<std::int64_t>()});
    }
    return spans;
}

Result<std::vector<TurnLabel>> turnsFrom(const Json& json) {
    std::vector<TurnLabel> turns;
    for (const Json& turn : json) {
        const bool isTurn = turn.is_array() && turn.size() == 2 && turn[0].is_number_integer() &&
                            turn[1].is_number_integer() && turn[0].get<std::int64_t>() >= 0 &&
                            turn[0].get<std::int64_t>() <= INT32_MAX;
        if (!isTurn)
            return fail(ErrorCode::InvalidInput, fmt::format("{} is no [turn, label]", clipUtf8(toLine(turn), 80)));
        turns.push_back({turn[0].get<std::int32_t>(), turn[1].get<std::int64_t>()});
    }
    return turns;
}

bool isChoice(const Json& json) {
    return json.is_number_integer() && json.get<std::int64_t>() >= kNoneBetter && json.get<std::int64_t>() <= INT32_MAX;
}

}  // namespace

std::string toValue(Labelling labelling) {
    if (labelling.isEmpty())
        return {};
    Json json = Json::object();
    if (labelling.labels) {
        sortUnique(*labelling.labels);
        json["labels"] = *labelling.labels;
    }
    if (labelling.rating)
        json["rating"] = *labelling.rating;
    if (labelling.spans) {
        sortUnique(*labelling.spans);
        json["spans"] = Json::array();
        for (const SampleSpan& span : *labelling.spans)
            json["spans"].push_back({span.begin, span.end, span.label});
    }
    if (labelling.preferred)
        json["preferred"] = *labelling.preferred;
    if (labelling.turns) {
        sortUnique(*labelling.turns);
        json["turns"] = Json::array();
        for (const TurnLabel& turn : *labelling.turns)
            json["turns"].push_back({turn.turn, turn.label});
    }
    return toLine(json);
}

Result<Labelling> labellingFrom(std::string_view value) {
    Labelling labelling;
    if (value.empty())
        return labelling;
    LATHE_TRY(const Json json, parseJson(value, "a labelling"));
    if (!json.is_object())
        return fail(ErrorCode::InvalidInput,
                    "a labelling is a JSON object with labels, rating, spans, preferred or turns");
    for (const auto& [key, member] : json.items()) {
        const bool isList = member.is_array();
        if (key == "labels" && isList) {
            LATHE_TRY(labelling.labels, idsFrom(member));
            sortUnique(*labelling.labels);
        } else if (key == "rating" && member.is_number() && std::isfinite(member.get<double>())) {
            labelling.rating = member.get<double>();
        } else if (key == "spans" && isList) {
            LATHE_TRY(labelling.spans, spansFrom(member));
            sortUnique(*labelling.spans);
        } else if (key == "preferred" && isChoice(member)) {
            labelling.preferred = member.get<int>();
        } else if (key == "turns" && isList) {
            LATHE_TRY(labelling.turns, turnsFrom(member));
            sortUnique(*labelling.turns);
        } else {
            return fail(ErrorCode::InvalidInput, fmt::format("a labelling has no \"{}\" of this kind: {}",
                                                             clipUtf8(key, 80), clipUtf8(toLine(member), 80)));
        }
    }
    return labelling;
}

std::vector<std::int64_t> labelsIn(const Labelling& labelling) {
    std::vector<std::int64_t> ids = labelling.labels.value_or(std::vector<std::int64_t>());
    if (labelling.spans)
        for (const SampleSpan& span : *labelling.spans)
            ids.push_back(span.label);
    if (labelling.turns)
        for (const TurnLabel& turn : *labelling.turns)
            ids.push_back(turn.label);
    sortUnique(ids);
    return ids;
}

}  // namespace lathe::corpus
