// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A list of terms, of any length: names of products, places, illnesses.
#include "assist/detail/term_finder.h"

namespace lathe::assist {
namespace {

class GazetteerMatcher : public RuleMatcher {
public:
    explicit GazetteerMatcher(const Rule& rule) : m_matchCase(rule.matchCase) {
        for (const std::string& line : rule.lines)
            m_finder.add(detail::foldForTerms(line, m_matchCase), 0);
    }

    Result<std::vector<TextRange>> matches(std::string_view text) override {
        std::vector<TextRange> ranges;
        for (const auto& found : m_finder.find(detail::foldForTerms(text, m_matchCase)))
            ranges.push_back(found.range);
        return ranges;
    }

private:
    bool m_matchCase;
    detail::TermFinder m_finder;
};

}  // namespace

RuleKindEntry gazetteerRule() {
    return {.id = "gazetteer",
            .title = "List of terms",
            .help = "A term a line; any of them as it stands there, as whole words.",
            .make = [](const Rule& rule) -> Result<std::unique_ptr<RuleMatcher>> {
                return std::make_unique<GazetteerMatcher>(rule);
            }};
}

}  // namespace lathe::assist
