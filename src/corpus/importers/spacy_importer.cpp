// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// spaCy's training data as JSON: {"text", "entities": [[start, end, "X"]], "cats": {"A": 1.0, "B": 0.0}}, or the pair
// ["text", {"entities", "cats"}]. A category of 0.5 and more is a label.
// \source https://spacy.io/api/data-formats#dict-input
#include <fmt/format.h>

#include <array>

#include "core/utf8.h"
#include "corpus/detail/extras.h"
#include "corpus/detail/json_shape.h"

namespace lathe::corpus {
namespace {

using detail::JsonKind;
using detail::JsonMembers;

constexpr std::array<std::string_view, 5> kKnown{"text", "entities", "spans", "cats", "meta"};

Result<> putCategories(const Json& categories, bool isSet, detail::Cells& cells) {
    std::vector<std::string> names;
    for (const auto& [name, score] : categories.items()) {
        if (!score.is_number() && !score.is_boolean())
            return fail(ErrorCode::InvalidInput, fmt::format("the category \"{}\" has no number", clipUtf8(name, 40)));
        if (score.is_boolean() ? score.get<bool>() : score.get<double>() >= 0.5)
            names.push_back(name);
    }
    // Categories of which none holds say that none does.
    detail::putLabels(cells, names, isSet || (names.empty() && !categories.empty()));
    return {};
}

Result<> shape(const Json& value, detail::Cells& cells) {
    const bool isPair = value.is_array() && value.size() == 2 && value[0].is_string() && value[1].is_object();
    const Json& row = isPair ? value[1] : value;
    if (!row.is_object())
        return fail(ErrorCode::InvalidInput, "no object with a text");
    if (isPair) {
        cells.put("text", value[0].get<std::string>());
    } else {
        LATHE_TRY(auto text, detail::textMember(row, "text"));
        cells.put("text", std::move(text).value_or(""));
    }
    bool isSet = false;
    if (const auto meta = row.find("meta"); meta != row.end() && meta->is_object())
        isSet = detail::takeExtras(*meta, cells);
    if (const auto entities = row.find("entities"); entities != row.end() && entities->is_array())
        cells.put("spans", *entities);
    if (const auto categories = row.find("cats"); categories != row.end() && categories->is_object())
        LATHE_CHECK(putCategories(*categories, isSet, cells));
    cells.putRest(row, kKnown);
    return {};
}

bool fits(const JsonMembers& members) {
    if (!has(members, "text", JsonKind::Text) || has(members, "label") || has(members, "labels") ||
        has(members, "relations") || has(members, "flagged"))
        return false;
    return has(members, "cats", JsonKind::Object) ||
           (!has(members, "cats") &&
            (has(members, "entities", JsonKind::ListList) || has(members, "entities", JsonKind::EmptyList)));
}

}  // namespace

ImporterEntry spacyImporter() {
    return detail::shapedImporter("spacy", "spaCy (JSON)", {"json", "jsonl"}, fits, shape);
}

}  // namespace lathe::corpus
