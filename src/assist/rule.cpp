// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "assist/rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "corpus/project.h"

namespace lathe::assist {
namespace {

constexpr const char* kSetting = "rules";
constexpr const char* kFormat = "lathe-rules";
constexpr std::int64_t kVersion = 1;

Result<Rule> ruleFrom(const Json& json, std::string_view where) {
    if (!json.is_object())
        return fail(ErrorCode::Parse, fmt::format("{}: a rule is not an object", where));
    Rule rule;
    LATHE_TRY(rule.name, jsonString(json, "name", ""));
    LATHE_TRY(rule.kind, jsonString(json, "kind", ""));
    LATHE_TRY(rule.label, jsonString(json, "label", ""));
    LATHE_TRY(rule.matchCase, jsonBool(json, "match_case", false));
    LATHE_TRY(rule.enabled, jsonBool(json, "enabled", true));
    if (!json.contains("lines") || !json["lines"].is_array())
        return fail(ErrorCode::Parse, fmt::format("{}: the rule \"{}\" has no list \"lines\"", where, rule.name));
    for (const Json& line : json["lines"]) {
        if (!line.is_string())
            return fail(ErrorCode::Parse,
                        fmt::format("{}: a line of the rule \"{}\" is not a string", where, rule.name));
        rule.lines.push_back(line.get<std::string>());
    }
    return rule;
}

}  // namespace

Result<std::unique_ptr<RuleMatcher>> makeMatcher(const Rule& rule) {
    const auto kinds = makeRuleKindRegistry();
    const RuleKindEntry* kind = kinds.find(rule.kind);
    if (!kind) {
        std::string known;
        for (const auto& entry : kinds.entries())
            known += (known.empty() ? "" : ", ") + entry.id;
        return fail(ErrorCode::InvalidInput,
                    fmt::format("the rule \"{}\" is of the kind \"{}\"; there are {}", rule.name, rule.kind, known));
    }
    if (std::ranges::all_of(rule.lines, [](const std::string& line) { return line.empty(); }))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("the rule \"{}\" looks for nothing; give it a line", rule.name));
    auto matcher = kind->make(rule);
    if (!matcher)
        return fail(matcher.error().code, fmt::format("the rule \"{}\": {}", rule.name, matcher.error().message));
    return matcher;
}

Result<> checkRules(const std::vector<Rule>& rules) {
    std::set<std::string> names;
    for (const Rule& rule : rules) {
        if (rule.name.empty())
            return fail(ErrorCode::InvalidInput, "a rule has no name");
        if (!names.insert(rule.name).second)
            return fail(ErrorCode::InvalidInput, fmt::format("two rules are called \"{}\"; rename one", rule.name));
        if (rule.label.empty())
            return fail(ErrorCode::InvalidInput, fmt::format("the rule \"{}\" gives no label", rule.name));
        LATHE_TRY(const auto matcher, makeMatcher(rule));
    }
    return {};
}

Json toJson(const std::vector<Rule>& rules) {
    Json list = Json::array();
    for (const Rule& rule : rules)
        list.push_back({{"name", rule.name},
                        {"kind", rule.kind},
                        {"label", rule.label},
                        {"lines", rule.lines},
                        {"match_case", rule.matchCase},
                        {"enabled", rule.enabled}});
    return {{"format", kFormat}, {"version", kVersion}, {"rules", std::move(list)}};
}

Result<std::vector<Rule>> rulesFrom(const Json& json, std::string_view where) {
    LATHE_TRY(const std::string format, jsonString(json, "format", ""));
    if (format != kFormat || !json.contains("rules") || !json["rules"].is_array())
        return fail(ErrorCode::Parse, fmt::format("{} is no file of rules: it needs \"format\": \"{}\" and a list "
                                                  "\"rules\"",
                                                  where, kFormat));
    LATHE_TRY(const std::int64_t version, jsonInt(json, "version", kVersion));
    if (version > kVersion)
        return fail(
            ErrorCode::Unsupported,
            fmt::format("{} was made by a newer Lathe (version {} of the format); update Lathe", where, version));
    std::vector<Rule> rules;
    for (const Json& item : json["rules"]) {
        LATHE_TRY(Rule rule, ruleFrom(item, where));
        rules.push_back(std::move(rule));
    }
    LATHE_CHECK(checkRules(rules));
    return rules;
}

Result<std::vector<Rule>> readRulesFile(const std::filesystem::path& file) {
    LATHE_TRY(const Json json, readJsonFile(file));
    return rulesFrom(json, file.string());
}

Result<std::vector<Rule>> projectRules(corpus::CorpusStore& store) {
    LATHE_TRY(const std::string text, store.setting(kSetting));
    if (text.empty())
        return std::vector<Rule>();
    LATHE_TRY(const Json json, parseJson(text, "the project's rules"));
    return rulesFrom(json, "the project's rules");
}

Result<> setProjectRules(corpus::CorpusStore& store, const std::vector<Rule>& rules) {
    LATHE_CHECK(checkRules(rules));
    return store.setSetting(kSetting, rules.empty() ? std::string() : toLine(toJson(rules)));
}

}  // namespace lathe::assist
