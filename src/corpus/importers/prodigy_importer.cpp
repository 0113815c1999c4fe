// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Prodigy's tasks: "label", "accept" (of "options") or "spans", with "answer": accept, reject or ignore. What was
// rejected is no label; what was ignored is skipped. "_session_id" or "_annotator_id" names the annotator.
// \source https://prodi.gy/docs/api-interfaces
#include <array>

#include "corpus/detail/extras.h"
#include "corpus/detail/json_shape.h"

namespace lathe::corpus {
namespace {

using detail::JsonKind;
using detail::JsonMembers;

constexpr std::array<std::string_view, 15> kKnown{
    "text",       "spans",  "tokens",     "options",     "accept",      "label",         "answer",  "meta",
    "user_input", "config", "_task_hash", "_input_hash", "_session_id", "_annotator_id", "_view_id"};

/// Parts with a label; patterns that only mark a place have none.
Json labelled(const Json& spans) {
    Json kept = Json::array();
    for (const Json& span : spans)
        if (const auto label = span.is_object() ? span.find("label") : span.end();
            !span.is_object() || (label != span.end() && label->is_string()))
            kept.push_back(span);
    return kept;
}

Result<> takeAnswer(const Json& value, bool isSet, detail::Cells& cells) {
    const auto spans = value.find("spans"), accept = value.find("accept"), label = value.find("label");
    const bool hasSpans = spans != value.end() && spans->is_array();
    if (const auto answer = value.find("answer"); answer != value.end() && *answer == "reject") {
        cells.remark("rejected: its labels are not taken");
        return {};
    }
    if (hasSpans) {
        const Json kept = labelled(*spans);
        if (kept.size() < spans->size())
            cells.remark("parts without a label are not kept");
        cells.put("spans", kept);
    }
    if (accept != value.end() && accept->is_array()) {
        std::vector<std::string> names;
        for (const Json& name : *accept) {
            if (!name.is_string() && !name.is_number())
                return fail(ErrorCode::InvalidInput, "\"accept\" holds something that is no label");
            names.push_back(name.is_string() ? name.get<std::string>() : toLine(name));
        }
        detail::putLabels(cells, names, isSet);
    } else if (label != value.end() && label->is_string()) {
        cells.put("label", *label);
    }
    return {};
}

Result<> shape(const Json& value, detail::Cells& cells) {
    if (!value.is_object())
        return fail(ErrorCode::InvalidInput, "no object with a text");
    LATHE_TRY(auto text, detail::textMember(value, "text"));
    cells.put("text", std::move(text).value_or(""));
    bool isSet = false;
    if (const auto meta = value.find("meta"); meta != value.end() && meta->is_object())
        isSet = detail::takeExtras(*meta, cells);
    LATHE_CHECK(takeAnswer(value, isSet, cells));
    if (const auto answer = value.find("answer"); answer != value.end() && *answer == "ignore")
        cells.put("skipped", std::string("1"));
    if (const auto typed = value.find("user_input"); typed != value.end() && typed->is_string())
        cells.put("answer", *typed);
    for (const char* key : {"_annotator_id", "_session_id"})
        if (const auto who = value.find(key); who != value.end() && who->is_string())
            cells.put("annotator", *who);
    cells.putRest(value, kKnown);
    return {};
}

bool fits(const JsonMembers& members) {
    const auto answer = members.find("answer");
    const bool answers =
        answer != members.end() &&
        (answer->second.text == "accept" || answer->second.text == "reject" || answer->second.text == "ignore");
    return has(members, "_task_hash") || has(members, "_input_hash") ||
           (answers && (has(members, "spans") || has(members, "label") || has(members, "accept")));
}

}  // namespace

ImporterEntry prodigyImporter() {
    return detail::shapedImporter("prodigy", "Prodigy", {"jsonl"}, fits, shape);
}

}  // namespace lathe::corpus
