// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/label_set_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/json.h"
#include "core/utf8.h"

namespace lathe::corpus {
namespace {

constexpr const char* kFormat = "lathe-labels";
constexpr int kVersion = 1;

Result<std::string> text(const Json& label, const char* key, std::string_view name) {
    const auto found = label.find(key);
    if (found == label.end() || found->is_null())
        return std::string();
    if (!found->is_string())
        return fail(ErrorCode::InvalidInput, fmt::format("\"{}\" of the label \"{}\" is no text", key, name));
    return found->get<std::string>();
}

Result<std::vector<std::string>> texts(const Json& label, const char* key, std::string_view name) {
    std::vector<std::string> all;
    const auto found = label.find(key);
    if (found == label.end() || found->is_null())
        return all;
    const bool isList =
        found->is_array() && std::ranges::all_of(*found, [](const Json& each) { return each.is_string(); });
    if (!isList)
        return fail(ErrorCode::InvalidInput, fmt::format("\"{}\" of the label \"{}\" is no list of texts", key, name));
    for (const Json& each : *found)
        all.push_back(each.get<std::string>());
    return all;
}

Result<LabelRecord> recordFrom(const Json& json) {
    if (!json.is_object())
        return fail(ErrorCode::InvalidInput, fmt::format("{} is no label", clipUtf8(toLine(json), 80)));
    LabelRecord record;
    LATHE_TRY(record.name, text(json, "name", ""));
    if (record.name.empty())
        return fail(ErrorCode::InvalidInput, fmt::format("a label has no name: {}", clipUtf8(toLine(json), 80)));
    LATHE_TRY(record.color, text(json, "color", record.name));
    LATHE_TRY(record.key, text(json, "key", record.name));
    LATHE_TRY(record.guideline, text(json, "guideline", record.name));
    LATHE_TRY(record.parent, text(json, "parent", record.name));
    LATHE_TRY(record.examples, texts(json, "examples", record.name));
    LATHE_TRY(record.counterExamples, texts(json, "counter_examples", record.name));
    return record;
}

const LabelRecord* find(const std::vector<LabelRecord>& labels, std::string_view name) {
    const auto found = std::ranges::find(labels, name, &LabelRecord::name);
    return found == labels.end() ? nullptr : &*found;
}

/// True when the way up from \p label comes back to it.
bool isItsOwnParent(const std::vector<LabelRecord>& labels, const LabelRecord& label) {
    std::set<std::string> seen{label.name};
    for (const LabelRecord* above = find(labels, label.parent); above; above = find(labels, above->parent))
        if (!seen.insert(above->name).second)
            return true;
    return false;
}

Result<> check(const std::vector<LabelRecord>& labels) {
    std::set<std::string> names, keys;
    for (const LabelRecord& label : labels) {
        if (!names.insert(label.name).second)
            return fail(ErrorCode::InvalidInput, fmt::format("two labels are called \"{}\"", label.name));
        if (!label.key.empty() && !keys.insert(label.key).second)
            return fail(ErrorCode::InvalidInput, fmt::format("two labels have the key \"{}\"", label.key));
    }
    for (const LabelRecord& label : labels) {
        if (!label.parent.empty() && !names.contains(label.parent))
            return fail(ErrorCode::InvalidInput,
                        fmt::format("the parent \"{}\" of \"{}\" is no label of the set", label.parent, label.name));
        if (isItsOwnParent(labels, label))
            return fail(ErrorCode::InvalidInput, fmt::format("\"{}\" is its own parent in the end", label.name));
    }
    return {};
}

}  // namespace

std::vector<LabelRecord> labelRecords(const std::vector<Label>& labels) {
    std::vector<LabelRecord> records;
    for (const Label& label : labels) {
        const auto parent = std::ranges::find_if(labels, [&](const Label& each) { return each.id == label.parent; });
        records.push_back({label.name, label.color, label.key, label.guideline,
                           parent == labels.end() ? std::string() : parent->name, label.examples,
                           label.counterExamples});
    }
    return records;
}

std::string toLabelSetFile(const std::vector<LabelRecord>& labels) {
    Json file{{"format", kFormat}, {"version", kVersion}, {"labels", Json::array()}};
    for (const LabelRecord& label : labels) {
        Json json{{"name", label.name}};
        const auto add = [&json](const char* key, const auto& value) {
            if (!value.empty())
                json[key] = value;
        };
        add("color", label.color);
        add("key", label.key);
        add("guideline", label.guideline);
        add("parent", label.parent);
        add("examples", label.examples);
        add("counter_examples", label.counterExamples);
        file["labels"].push_back(std::move(json));
    }
    return file.dump(2) + "\n";
}

Result<std::vector<LabelRecord>> labelSetFrom(std::string_view json) {
    LATHE_TRY(const Json file, parseJson(json, "the label set"));
    const bool isSet = file.is_object() && file.value("format", Json()) == kFormat && file.contains("labels") &&
                       file["labels"].is_array();
    if (!isSet)
        return fail(ErrorCode::InvalidInput, fmt::format("this is no label set: it begins {{\"format\": \"{}\", "
                                                         "\"version\": {}, \"labels\": [...]}}",
                                                         kFormat, kVersion));
    const Json version = file.value("version", Json());
    if (!version.is_number_integer() || version.get<std::int64_t>() > kVersion)
        return fail(ErrorCode::Unsupported, "this label set was written by a newer Lathe");
    std::vector<LabelRecord> labels;
    for (const Json& each : file["labels"]) {
        LATHE_TRY(LabelRecord label, recordFrom(each));
        labels.push_back(std::move(label));
    }
    LATHE_CHECK(check(labels));
    return labels;
}

LabelSetChange takeLabelSet(std::vector<LabelRecord>& into, const std::vector<LabelRecord>& from) {
    LabelSetChange change;
    for (LabelRecord label : from) {
        const auto same = std::ranges::find(into, label.name, &LabelRecord::name);
        const auto holder = std::ranges::find_if(into, [&](const LabelRecord& each) {
            return !label.key.empty() && each.key == label.key && each.name != label.name;
        });
        if (holder != into.end()) {
            change.notes.push_back(
                fmt::format("\"{}\" has no key now: \"{}\" belongs to \"{}\"", label.name, label.key, holder->name));
            label.key = same == into.end() ? std::string() : same->key;
        }
        if (same == into.end()) {
            into.push_back(std::move(label));
            ++change.added;
            continue;
        }
        if (label.color.empty())
            label.color = same->color;
        if (label == *same)
            continue;
        *same = std::move(label);
        ++change.changed;
    }
    for (LabelRecord& label : into)
        if (isItsOwnParent(into, label)) {
            change.notes.push_back(fmt::format("\"{}\" has no parent now: it would be its own in the end", label.name));
            label.parent.clear();
        }
    return change;
}

Result<> storeLabelSet(CorpusStore& store, const std::vector<LabelRecord>& labels) {
    LATHE_CHECK(check(labels));
    LATHE_TRY(const std::vector<Label> before, store.labels());
    const auto named = [](const std::vector<Label>& all, std::string_view name) {
        return std::ranges::find(all, name, &Label::name);
    };
    // Keys first let go: one may go from a label to another. Parents last: they may be new.
    for (const Label& label : before) {
        const LabelRecord* record = find(labels, label.name);
        if (!record || label.key.empty() || record->key == label.key)
            continue;
        Label freed = label;
        freed.key.clear();
        LATHE_CHECK(store.updateLabel(freed));
    }
    // New ones in the file's order. The store gives them free keys, which others of the set may want.
    for (const LabelRecord& record : labels) {
        if (named(before, record.name) != before.end())
            continue;
        Label made;
        made.name = record.name;
        made.color = record.color;
        LATHE_TRY(made.id, store.addLabel(made));
        LATHE_TRY(const std::vector<Label> all, store.labels());
        Label keyless = *named(all, record.name);
        keyless.key.clear();
        LATHE_CHECK(store.updateLabel(keyless));
    }
    // Parents go first and come last: the way from one tree to another may lead through a circle.
    for (const bool withParents : {false, true}) {
        LATHE_TRY(const std::vector<Label> now, store.labels());
        for (const LabelRecord& record : labels) {
            Label label = *named(now, record.name);
            label.key = record.key;
            if (!record.color.empty())
                label.color = record.color;
            label.guideline = record.guideline;
            label.examples = record.examples;
            label.counterExamples = record.counterExamples;
            label.parent =
                withParents && !record.parent.empty() ? std::optional(named(now, record.parent)->id) : std::nullopt;
            LATHE_CHECK(store.updateLabel(label));
        }
    }
    return {};
}

}  // namespace lathe::corpus
