// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Rules as weak labellers: each looks at a text and gives its label or says nothing. One file a kind in rules/, one
// line each in rules/rules.def. Thread: any; a matcher on one at a time.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/registry.h"
#include "core/result.h"

namespace lathe::corpus {
class CorpusStore;
}

namespace lathe::assist {

struct Rule {
    std::string name = {};                ///< unique among a project's rules
    std::string kind = {};                ///< a RuleKindEntry's id
    std::string label = {};               ///< what it gives, by name
    std::vector<std::string> lines = {};  ///< what to look for, as the kind reads it; blank lines say nothing
    bool matchCase = false;
    bool enabled = true;
    friend bool operator==(const Rule&, const Rule&) = default;
};

/// Half-open, in code points.
struct TextRange {
    std::int32_t begin = 0, end = 0;
    friend bool operator==(const TextRange&, const TextRange&) = default;
};

class RuleMatcher {
public:
    virtual ~RuleMatcher() = default;
    /// The places that make the rule give its label, in the text's order; none: it abstains. \returns Unsupported where
    /// a pattern takes too long on this text.
    virtual Result<std::vector<TextRange>> matches(std::string_view text) = 0;
};

struct RuleKindEntry {
    std::string id;
    std::string title;
    std::string help;  ///< what a line says
    /// \returns InvalidInput that names the line and what is wrong with it.
    std::function<Result<std::unique_ptr<RuleMatcher>>(const Rule& rule)> make;
};

using RuleKindRegistry = Registry<RuleKindEntry>;
RuleKindRegistry makeRuleKindRegistry();

/// \returns InvalidInput (unknown kind, no lines, what the kind says of them); each names the rule.
Result<std::unique_ptr<RuleMatcher>> makeMatcher(const Rule& rule);
/// Names that are there and unique, labels that are there, and lines that their kinds can read. \returns InvalidInput.
Result<> checkRules(const std::vector<Rule>& rules);

/// {"format": "lathe-rules", "version": 1, "rules": [{"name", "kind", "label", "lines", "match_case", "enabled"}]}
Json toJson(const std::vector<Rule>& rules);
/// \returns Parse, Unsupported (a newer version), InvalidInput; each names \p where.
Result<std::vector<Rule>> rulesFrom(const Json& json, std::string_view where);
Result<std::vector<Rule>> readRulesFile(const std::filesystem::path& file);

/// The project's rules, in its setting "rules".
Result<std::vector<Rule>> projectRules(corpus::CorpusStore& store);
/// \returns as checkRules, and what writing does.
Result<> setProjectRules(corpus::CorpusStore& store, const std::vector<Rule>& rules);

}  // namespace lathe::assist
