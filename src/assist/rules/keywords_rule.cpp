// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Words that must be in the text together, and words that must not.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "assist/detail/term_finder.h"

namespace lathe::assist {
namespace {

constexpr std::u32string_view kBetween = U" \t\u3000";

class KeywordsMatcher : public RuleMatcher {
public:
    static Result<std::unique_ptr<RuleMatcher>> make(const Rule& rule) {
        auto matcher = std::make_unique<KeywordsMatcher>();
        matcher->m_matchCase = rule.matchCase;
        for (std::size_t number = 0; number < rule.lines.size(); ++number) {
            const std::u32string line = detail::foldForTerms(rule.lines[number], rule.matchCase);
            Line words;
            for (std::size_t at = 0; (at = line.find_first_not_of(kBetween, at)) != std::u32string::npos;) {
                const std::size_t end = std::min(line.find_first_of(kBetween, at), line.size());
                std::u32string_view word = std::u32string_view(line).substr(at, end - at);
                at = end;
                const bool unwanted = word.size() > 1 && word.front() == U'-';
                (unwanted ? words.unwanted : words.wanted).push_back(matcher->idOf(word.substr(unwanted ? 1 : 0)));
            }
            if (words.wanted.empty() && !words.unwanted.empty())
                return fail(ErrorCode::InvalidInput,
                            fmt::format("line {} only says what must not be there; add a word that must", number + 1));
            if (!words.wanted.empty())
                matcher->m_lines.push_back(std::move(words));
        }
        return matcher;
    }

    Result<std::vector<TextRange>> matches(std::string_view text) override {
        const auto found = m_finder.find(detail::foldForTerms(text, m_matchCase));
        std::set<int> present, used;
        for (const auto& word : found)
            present.insert(word.id);
        const auto isThere = [&](int id) { return present.contains(id); };
        for (const Line& line : m_lines)
            if (std::ranges::all_of(line.wanted, isThere) && std::ranges::none_of(line.unwanted, isThere))
                used.insert(line.wanted.begin(), line.wanted.end());
        std::vector<TextRange> ranges;
        for (const auto& word : found)
            if (used.contains(word.id))
                ranges.push_back(word.range);
        return ranges;
    }

private:
    struct Line {
        std::vector<int> wanted, unwanted;
    };
    int idOf(std::u32string_view word) {
        const auto known = std::ranges::find(m_words, word);
        if (known != m_words.end())
            return static_cast<int>(known - m_words.begin());
        m_words.emplace_back(word);
        m_finder.add(word, static_cast<int>(m_words.size()) - 1);
        return static_cast<int>(m_words.size()) - 1;
    }

    bool m_matchCase = false;
    std::vector<std::u32string> m_words;
    detail::TermFinder m_finder;
    std::vector<Line> m_lines;
};

}  // namespace

RuleKindEntry keywordsRule() {
    return {.id = "keywords",
            .title = "Keywords",
            .help =
                "All words of a line must be in the text, in any order, and none with a minus before it; one line is "
                "enough.",
            .make = KeywordsMatcher::make};
}

}  // namespace lathe::assist
