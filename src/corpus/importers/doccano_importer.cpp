// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// doccano, all its shapes: "label" as names (classification) or [start, end, "X"] (labelled parts), "entities" with
// "relations", "entities" with "cats" (intents); "labels" of older exports. Its meta keys stand among the members,
// in older exports in "meta"; "Comments" is the comment. A list of one name is a single label.
// \source https://github.com/doccano/doccano, data_export
#include <fmt/format.h>

#include <array>

#include "core/utf8.h"
#include "corpus/detail/extras.h"
#include "corpus/detail/json_shape.h"

namespace lathe::corpus {
namespace {

using detail::JsonKind;
using detail::JsonMembers;

constexpr std::array<std::string_view, 11> kKnown{
    "text", "data",     "label", "labels",   "entities",           "relations",
    "cats", "Comments", "meta",  "comments", "annotation_approver"};

Result<> takeList(const Json& list, bool isSet, detail::Cells& cells) {
    if (list.is_string() || list.is_number()) {
        cells.put("label", list);
        return {};
    }
    if (!list.is_array())
        return list.is_null() ? Result<>() : fail(ErrorCode::InvalidInput, "the label is neither a name nor a list");
    if (!list.empty() && !list.front().is_string()) {
        cells.put("spans", list);
        return {};
    }
    std::vector<std::string> names;
    for (const Json& name : list) {
        if (!name.is_string())
            return fail(ErrorCode::InvalidInput, fmt::format("{} is no label", clipUtf8(toLine(name), 80)));
        names.push_back(name.get<std::string>());
    }
    detail::putLabels(cells, names, isSet);
    return {};
}

void takeComments(const Json& comments, detail::Cells& cells) {
    std::string all;
    for (const Json& each : comments.is_array() ? comments : Json::array({comments})) {
        const auto text = each.is_object() ? each.find("text") : each.end();
        const Json& said = each.is_object() && text != each.end() ? *text : each;
        if (said.is_string())
            all += (all.empty() ? "" : "\n") + said.get<std::string>();
    }
    cells.put("comment", std::move(all));
}

Result<> shape(const Json& value, detail::Cells& cells) {
    if (!value.is_object())
        return fail(ErrorCode::InvalidInput, "no object with a text");
    LATHE_TRY(auto text, detail::textMember(value, "text"));
    if (!text) {
        LATHE_TRY(text, detail::textMember(value, "data"));
    }
    cells.put("text", std::move(text).value_or(""));
    const bool isSet = detail::takeExtras(value, cells, kKnown);
    if (const auto meta = value.find("meta"); meta != value.end() && meta->is_object())
        cells.putRest(*meta, {});
    for (const char* key : {"labels", "label"})
        if (const auto list = value.find(key); list != value.end())
            LATHE_CHECK(takeList(*list, isSet, cells));
    if (const auto entities = value.find("entities"); entities != value.end() && entities->is_array())
        cells.put("spans", *entities);
    if (const auto intents = value.find("cats"); intents != value.end())
        LATHE_CHECK(takeList(*intents, isSet, cells));
    for (const char* key : {"Comments", "comments"})
        if (const auto comments = value.find(key); comments != value.end() && !comments->empty())
            takeComments(*comments, cells);
    if (const auto relations = value.find("relations");
        relations != value.end() && relations->is_array() && !relations->empty())
        cells.remark("relations between labelled parts are not kept");
    return {};
}

bool fits(const JsonMembers& members) {
    if (!(has(members, "text", JsonKind::Text) || has(members, "data", JsonKind::Text)) ||
        (has(members, "flagged") && has(members, "comment")) || has(members, "annotation_id"))
        return false;
    const auto isList = [&](std::string_view key) {
        return has(members, key, JsonKind::TextList) || has(members, key, JsonKind::ListList) ||
               has(members, key, JsonKind::EmptyList);
    };
    // Without a sign of doccano's own, a list of names is what any file of label sets has, where an empty one says
    // "none of them"; doccano's means that nobody has labelled the text yet.
    const bool isItsOwn = has(members, "id") || has(members, "Comments") || has(members, "comments");
    return (isList("label") && (isItsOwn || has(members, "label", JsonKind::ListList))) ||
           (isList("labels") && (has(members, "meta") || has(members, "annotation_approver"))) ||
           (has(members, "entities") && (has(members, "relations") || has(members, "cats", JsonKind::TextList) ||
                                         has(members, "cats", JsonKind::EmptyList)));
}

}  // namespace

ImporterEntry doccanoImporter() {
    return detail::shapedImporter("doccano", "doccano", {"jsonl", "json"}, fits, shape);
}

}  // namespace lathe::corpus
