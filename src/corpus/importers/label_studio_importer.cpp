// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Label Studio: tasks {"data", "annotations": [{"completed_by", "result"}], "predictions"}, and JSON-MIN, one flat
// object an annotation. The ground truth or else the newest annotation holds, the others are the opinions of their
// annotators; one that was cancelled is a skip. Predictions are no labels of people and are not taken. \source
// https://labelstud.io/guide/task_format; HumanSignal/label-studio#2653 (JSON-MIN)
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/utf8.h"
#include "corpus/detail/column_roles.h"
#include "corpus/detail/extras.h"
#include "corpus/detail/label_studio_result.h"

namespace lathe::corpus {
namespace {

using detail::JsonKind;
using detail::JsonMembers;

constexpr std::array<std::string_view, 13> kTask{
    "data",    "annotations", "completions",     "predictions",       "meta",     "created_at", "updated_at",
    "project", "drafts",      "comment_authors", "total_annotations", "inner_id", "file_upload"};

const Json* member(const Json& object, const char* key) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    return !object.is_object() || found == object.end() || found->is_null() ? nullptr : &*found;
}

bool isTrue(const Json& object, const char* key) {
    const Json* value = member(object, key);
    return value && value->is_boolean() && value->get<bool>();
}

std::string annotatorOf(const Json& annotation) {
    const Json* who = member(annotation, "completed_by");
    if (!who)
        return {};
    if (who->is_object()) {
        for (const char* key : {"email", "username", "first_name", "id"})
            if (const Json* name = member(*who, key))
                return name->is_string() ? name->get<std::string>() : toLine(*name);
        return {};
    }
    return who->is_string() ? who->get<std::string>() : toLine(*who);
}

/// Ids or times, whatever there is: later ones are newer.
bool isNewer(const Json& a, const Json& b) {
    for (const char* key : {"updated_at", "created_at"}) {
        const Json *left = member(a, key), *right = member(b, key);
        if (left && right && left->is_string() && right->is_string() && *left != *right)
            return left->get_ref<const std::string&>() > right->get_ref<const std::string&>();
    }
    return true;  // in the file's order
}

const Json* holdingOf(const Json& annotations) {
    const Json* holding = nullptr;
    for (const Json& each : annotations) {
        if (!each.is_object() || isTrue(each, "was_cancelled"))
            continue;
        const bool beats =
            !holding || isTrue(each, "ground_truth") > isTrue(*holding, "ground_truth") ||
            (isTrue(each, "ground_truth") == isTrue(*holding, "ground_truth") && isNewer(each, *holding));
        if (beats)
            holding = &each;
    }
    return holding;
}

Result<> takeAnnotations(const Json& annotations, const Json& data, const std::string& text, detail::Cells& cells) {
    const Json* holding = holdingOf(annotations);
    if (!holding) {
        if (!annotations.empty())
            cells.put("skipped", std::string("1"));
        return {};
    }
    LATHE_TRY(const auto held, detail::readResult(*holding, data, text));
    held.put(cells);
    cells.put("annotator", annotatorOf(*holding));
    Json opinions = Json::array();
    for (const Json& each : annotations) {
        if (&each == holding || !each.is_object() || isTrue(each, "was_cancelled"))
            continue;
        const std::string annotator = annotatorOf(each);
        if (annotator.empty() || annotator == annotatorOf(*holding)) {
            cells.remark("an older annotation is not kept");
            continue;
        }
        LATHE_TRY(const auto other, detail::readResult(each, data, text));
        opinions.push_back(other.opinion(annotator));
    }
    if (!opinions.empty())
        cells.put("opinions", opinions);
    return {};
}

/// The member that holds the text, by name or else the first that is one.
std::string textKey(const Json& data) {
    if (const Json* text = member(data, "text"); text && text->is_string())
        return "text";
    for (const auto& [key, value] : data.items())
        if (value.is_string())
            return key;
    return {};
}

Result<> takeTask(const Json& task, const Json& data, detail::Cells& cells) {
    const std::string key = textKey(data);
    if (key.empty())
        return fail(ErrorCode::InvalidInput, "the task's \"data\" has no text");
    const std::string text = data[key].get<std::string>();
    cells.put("text", text);
    if (const Json* meta = member(task, "meta"))
        detail::takeExtras(*meta, cells);
    const Json* annotations = member(task, "annotations");
    if (!annotations)
        annotations = member(task, "completions");
    if (annotations && annotations->is_array())
        LATHE_CHECK(takeAnnotations(*annotations, data, text, cells));
    std::vector<std::string_view> known{key};
    for (const auto& [name, value] : data.items())
        if (detail::isAnswerKey(name))
            known.push_back(name);
    cells.putRest(data, known);
    if (const Json* id = member(task, "id"); id && !member(data, "id") && !member(task, "meta"))
        cells.put("id", *id);
    if (const Json* predictions = member(task, "predictions"); predictions && !predictions->empty())
        cells.remark("predictions of a model are not taken");
    return {};
}

// JSON-MIN: what the annotator said stands among the data, under the names of the controls.
Result<> takeMinimal(const Json& row, detail::Cells& cells) {
    const std::string key = textKey(row);
    if (key.empty())
        return fail(ErrorCode::InvalidInput, "no text");
    const std::string text = row[key].get<std::string>();
    cells.put("text", text);
    std::vector<std::string_view> known{key, "annotator", "annotation_id"};
    Json result = Json::array();
    for (const auto& [name, value] : row.items()) {
        if (name == key)
            continue;
        if (auto item = detail::resultOfMinimal(name, value)) {
            result.insert(result.end(), item->begin(), item->end());
            known.push_back(name);
        }
    }
    LATHE_TRY(const auto held, detail::readResult({{"result", result}}, row, text));
    held.put(cells);
    if (const Json* annotator = member(row, "annotator"))
        cells.put("annotator", *annotator);
    cells.putRest(row, known);
    return {};
}

Result<> shape(const Json& value, detail::Cells& cells) {
    if (!value.is_object())
        return fail(ErrorCode::InvalidInput, "no task");
    if (const Json* data = member(value, "data"); data && data->is_object())
        return takeTask(value, *data, cells);
    return takeMinimal(value, cells);
}

bool fits(const JsonMembers& members) {
    const bool isTask = has(members, "data", JsonKind::Object) &&
                        (has(members, "annotations") || has(members, "predictions") || has(members, "completions"));
    return isTask || (has(members, "annotation_id") && (has(members, "annotator") || has(members, "lead_time")));
}

}  // namespace

ImporterEntry labelStudioImporter() {
    return detail::shapedImporter("labelstudio", "Label Studio", {"json"}, fits, shape);
}

}  // namespace lathe::corpus
