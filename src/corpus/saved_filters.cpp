// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/saved_filters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/utf8.h"

namespace lathe::corpus {
namespace {

constexpr const char* kSetting = "filters";

// In the order of the enums.
constexpr std::array kStates = {"any", "unlabelled", "labelled", "skipped", "flagged"};
constexpr std::array kOrders = {"id",    "labelled_last", "short_first", "long_first",   "random", "text",
                                "label", "split",         "source",      "newest_label", "marks"};
constexpr std::array kSplits = {"none", "train", "dev", "test"};
constexpr std::array kOrigins = {"human", "rule", "model", "import"};

/// Reads or writes each member by its name, so that the two cannot differ. \p Visitor has a call for each type.
template <class Filter, class Visitor>
void forEachMember(Filter& filter, Visitor& visit) {
    visit.word("state", filter.state, kStates);
    visit.number("label", filter.label);
    visit.list("any_labels", filter.anyLabels);
    visit.list("no_labels", filter.noLabels);
    visit.maybeWord("split", filter.split, kSplits);
    visit.number("source", filter.source);
    visit.flag("only_answers", filter.onlyAnswers);
    visit.flag("no_answers", filter.noAnswers);
    visit.maybeFlag("flagged", filter.flagged);
    visit.maybeFlag("skipped", filter.skipped);
    visit.maybeFlag("commented", filter.commented);
    visit.maybeWord("origin", filter.origin, kOrigins);
    visit.flag("disagreement", filter.disagreement);
    visit.text("annotator", filter.annotator);
    visit.number("imported_from_ms", filter.imported.fromMs);
    visit.number("imported_until_ms", filter.imported.untilMs);
    visit.number("labelled_from_ms", filter.labelled.fromMs);
    visit.number("labelled_until_ms", filter.labelled.untilMs);
    visit.number("min_length", filter.minLength);
    visit.number("max_length", filter.maxLength);
    visit.text("comment", filter.comment);
    visit.text("text", filter.text);
    visit.text("pattern", filter.pattern);
    visit.word("order", filter.order, kOrders);
    visit.flag("descending", filter.descending);
}

struct Writer {
    Json json = Json::object();

    template <class Enum, class Names>
    void word(const char* name, Enum value, const Names& names) {
        if (value != Enum{})
            json[name] = names[static_cast<std::size_t>(value)];
    }
    template <class Enum, class Names>
    void maybeWord(const char* name, const std::optional<Enum>& value, const Names& names) {
        if (value)
            json[name] = names[static_cast<std::size_t>(*value)];
    }
    void number(const char* name, const std::optional<std::int64_t>& value) {
        if (value)
            json[name] = *value;
    }
    void maybeFlag(const char* name, const std::optional<bool>& value) {
        if (value)
            json[name] = *value;
    }
    void flag(const char* name, bool value) {
        if (value)
            json[name] = true;
    }
    void list(const char* name, const std::vector<std::int64_t>& value) {
        if (!value.empty())
            json[name] = value;
    }
    void text(const char* name, const std::string& value) {
        if (!value.empty())
            json[name] = value;
    }
};

struct Reader {
    const Json& json;
    std::string wrong = {};  ///< name of the first member that is not what it should be

    const Json* member(const char* name, bool (Json::*is)() const noexcept) {
        const auto found = json.find(name);
        if (found == json.end())
            return nullptr;
        if (((*found).*is)())
            return &*found;
        wrong = wrong.empty() ? name : wrong;
        return nullptr;
    }
    template <class Enum, class Names>
    void word(const char* name, Enum& value, const Names& names) {
        std::optional<Enum> read;
        maybeWord(name, read, names);
        value = read.value_or(value);
    }
    template <class Enum, class Names>
    void maybeWord(const char* name, std::optional<Enum>& value, const Names& names) {
        const Json* found = member(name, &Json::is_string);
        if (!found)
            return;
        const auto at = std::ranges::find(names, found->get_ref<const std::string&>());
        if (at == names.end())
            wrong = wrong.empty() ? name : wrong;
        else
            value = static_cast<Enum>(at - names.begin());
    }
    void number(const char* name, std::optional<std::int64_t>& value) {
        if (const Json* found = member(name, &Json::is_number_integer))
            value = found->get<std::int64_t>();
    }
    void maybeFlag(const char* name, std::optional<bool>& value) {
        if (const Json* found = member(name, &Json::is_boolean))
            value = found->get<bool>();
    }
    void flag(const char* name, bool& value) {
        if (const Json* found = member(name, &Json::is_boolean))
            value = found->get<bool>();
    }
    void list(const char* name, std::vector<std::int64_t>& value) {
        const Json* found = member(name, &Json::is_array);
        if (!found)
            return;
        for (const Json& each : *found) {
            if (each.is_number_integer())
                value.push_back(each.get<std::int64_t>());
            else
                wrong = wrong.empty() ? name : wrong;
        }
    }
    void text(const char* name, std::string& value) {
        if (const Json* found = member(name, &Json::is_string))
            value = found->get<std::string>();
    }
};

Result<> keep(CorpusStore& store, const std::vector<SavedFilter>& filters) {
    Json list = Json::array();
    for (const SavedFilter& each : filters)
        list.push_back({{"name", each.name}, {"filter", toJson(each.filter)}});
    return store.setSetting(kSetting, list.empty() ? std::string() : toLine(list));
}

}  // namespace

Json toJson(const SampleFilter& filter) {
    Writer writer;
    forEachMember(filter, writer);
    return writer.json;
}

Result<SampleFilter> sampleFilterFrom(const Json& json) {
    if (!json.is_object())
        return fail(ErrorCode::Parse, "a filter is a JSON object");
    SampleFilter filter;
    Reader reader{json};
    forEachMember(filter, reader);
    if (!reader.wrong.empty())
        return fail(ErrorCode::Parse, fmt::format("the filter's \"{}\" is not what it should be", reader.wrong));
    return filter;
}

Result<std::vector<SavedFilter>> savedFilters(CorpusStore& store) {
    LATHE_TRY(const std::string value, store.setting(kSetting));
    std::vector<SavedFilter> filters;
    if (value.empty())
        return filters;
    LATHE_TRY(const Json json, parseJson(value, "the saved filters"));
    if (!json.is_array())
        return fail(ErrorCode::Parse, "the project's saved filters are no list");
    for (const Json& each : json) {
        if (!each.is_object() || !each.contains("filter"))
            return fail(ErrorCode::Parse, "one of the project's saved filters is none");
        LATHE_TRY(auto filter, sampleFilterFrom(each["filter"]));
        filters.push_back({each.value("name", ""), std::move(filter)});
    }
    return filters;
}

Result<> saveFilter(CorpusStore& store, const std::string& name, const SampleFilter& filter) {
    if (name.find_first_not_of(' ') == std::string::npos || firstInvalidUtf8(name) != std::string::npos)
        return fail(ErrorCode::InvalidInput, "a saved filter needs a name");
    LATHE_TRY(auto filters, savedFilters(store));
    std::erase_if(filters, [&](const SavedFilter& each) { return each.name == name; });
    filters.push_back({name, filter});
    std::ranges::sort(filters, {}, &SavedFilter::name);
    return keep(store, filters);
}

Result<> forgetFilter(CorpusStore& store, const std::string& name) {
    LATHE_TRY(auto filters, savedFilters(store));
    if (std::erase_if(filters, [&](const SavedFilter& each) { return each.name == name; }) == 0)
        return fail(ErrorCode::NotFound, fmt::format("the project has no saved filter \"{}\"", name));
    return keep(store, filters);
}

}  // namespace lathe::corpus
