// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Regular expressions by ICU, under a limit of time: a pattern can be written that would not end.
#include <fmt/format.h>
#include <unicode/regex.h>

#include <algorithm>

#include "assist/rule.h"

namespace lathe::assist {
namespace {

/// ICU's unit: some thousand steps of its machine, about a millisecond.
constexpr std::int32_t kTimeLimit = 50;
constexpr std::int32_t kStackLimit = 4 << 20;  // bytes

class PatternMatcher : public RuleMatcher {
public:
    static Result<std::unique_ptr<RuleMatcher>> make(const Rule& rule) {
        auto matcher = std::make_unique<PatternMatcher>();
        std::uint32_t flags = UREGEX_UWORD;
        if (!rule.matchCase)
            flags |= UREGEX_CASE_INSENSITIVE;
        for (std::size_t number = 0; number < rule.lines.size(); ++number) {
            if (rule.lines[number].empty())
                continue;
            UErrorCode status = U_ZERO_ERROR;
            UParseError where{};
            // Patterns own their copy of the expression; a matcher made from one borrows it.
            std::unique_ptr<icu::RegexPattern> pattern(
                icu::RegexPattern::compile(icu::UnicodeString::fromUTF8(rule.lines[number]), flags, where, status));
            if (U_FAILURE(status))
                return fail(ErrorCode::InvalidInput,
                            fmt::format("line {} is no regular expression ({}, at character {})", number + 1,
                                        u_errorName(status), where.offset));
            std::unique_ptr<icu::RegexMatcher> search(pattern->matcher(status));
            if (U_SUCCESS(status)) {
                search->setTimeLimit(kTimeLimit, status);
                search->setStackLimit(kStackLimit, status);
            }
            if (U_FAILURE(status))
                return fail(ErrorCode::Internal, fmt::format("line {}: {}", number + 1, u_errorName(status)));
            matcher->m_patterns.push_back({std::move(pattern), std::move(search), static_cast<int>(number) + 1});
        }
        return matcher;
    }

    Result<std::vector<TextRange>> matches(std::string_view text) override {
        const auto shown =
            icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
        std::vector<TextRange> ranges;
        for (Pattern& pattern : m_patterns) {
            UErrorCode status = U_ZERO_ERROR;
            pattern.search->reset(shown);
            while (pattern.search->find(status) && U_SUCCESS(status)) {
                const std::int32_t begin = pattern.search->start(status), end = pattern.search->end(status);
                if (begin < end)  // an empty match is found everywhere and says nothing
                    ranges.push_back({shown.countChar32(0, begin), shown.countChar32(0, end)});
            }
            if (status == U_REGEX_TIME_OUT || status == U_REGEX_STACK_OVERFLOW)
                return fail(
                    ErrorCode::Unsupported,
                    fmt::format("line {} takes too long on a text; write it without nested repeats", pattern.line));
            if (U_FAILURE(status))
                return fail(ErrorCode::Internal, fmt::format("line {}: {}", pattern.line, u_errorName(status)));
        }
        std::ranges::sort(ranges, {}, &TextRange::begin);
        return ranges;
    }

private:
    struct Pattern {
        std::unique_ptr<icu::RegexPattern> pattern;
        std::unique_ptr<icu::RegexMatcher> search;
        int line = 0;
    };
    std::vector<Pattern> m_patterns;
};

}  // namespace

RuleKindEntry patternRule() {
    return {.id = "pattern",
            .title = "Regular expression",
            .help = "An expression a line, as ICU reads them; one that is found is enough.",
            .make = PatternMatcher::make};
}

}  // namespace lathe::assist
