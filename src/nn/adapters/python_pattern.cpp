// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Python's regular expressions by ICU: the two syntaxes differ in a few places, which are rewritten here.
#include "nn/adapters/python_pattern.h"

#include <fmt/format.h>
#include <unicode/regex.h>

#include <cctype>

namespace lathe::nn {

namespace {

constexpr std::size_t kMostBytes = 64 * 1024;
constexpr std::int32_t kTimeLimit = 200;  // ICU's steps, about a millisecond each

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

/// The length of a repetition "{2}", "{2,}", "{,3}", "{2,3}" at \p at, 0 when the brace is a plain character.
std::size_t repetitionLength(std::string_view pattern, std::size_t at) {
    std::size_t i = at + 1;
    bool digits = false, comma = false;
    for (; i < pattern.size() && pattern[i] != '}'; ++i) {
        if (pattern[i] == ',' && !comma)
            comma = true;
        else if (isDigit(pattern[i]))
            digits = true;
        else
            return 0;
    }
    return i < pattern.size() && (digits || comma) ? i + 1 - at : 0;
}

/// Rewrites what ICU spells differently or reads as an operator of its own.
class Translator {
public:
    explicit Translator(std::string_view pattern) : m_in(pattern) {}

    std::string run() {
        while (m_at < m_in.size())
            m_inSet ? insideSet() : outside();
        return std::move(m_out);
    }

private:
    void copy(std::size_t count) {
        m_out += m_in.substr(m_at, count);
        m_at += std::min(count, m_in.size() - m_at);
    }
    bool sees(std::string_view what) const { return m_in.substr(m_at).starts_with(what); }
    void replace(std::string_view what, std::string_view by) {
        m_out += by;
        m_at += what.size();
    }

    void outside() {
        if (sees("\\Z"))
            replace("\\Z", "\\z");
        else if (m_in[m_at] == '\\')
            copy(2);
        else if (sees("(?P<"))
            replace("(?P<", "(?<");
        else if (sees("(?P="))
            backReference();
        else if (m_in[m_at] == '[')
            openSet();
        else if (m_in[m_at] == '{')
            brace();
        else if (m_in[m_at] == '}')
            replace("}", "\\}");
        else
            copy(1);
    }

    void backReference() {
        const std::size_t close = m_in.find(')', m_at);
        if (close == std::string_view::npos)
            return copy(4);
        m_out += fmt::format("\\k<{}>", m_in.substr(m_at + 4, close - m_at - 4));
        m_at = close + 1;
    }

    void brace() {
        const std::size_t length = repetitionLength(m_in, m_at);
        if (length == 0)
            return replace("{", "\\{");
        if (sees("{,")) {  // ICU wants the lower bound
            m_out += "{0";
            ++m_at;
            return copy(length - 1);
        }
        copy(length);
    }

    void openSet() {
        m_inSet = true;
        copy(1);
        if (m_at < m_in.size() && m_in[m_at] == '^')
            copy(1);
        if (m_at < m_in.size() && m_in[m_at] == ']')  // a bracket in the first place is a plain character
            replace("]", "\\]");
    }

    void insideSet() {
        const char c = m_in[m_at];
        if (c == '\\') {
            copy(2);
        } else if (c == ']') {
            m_inSet = false;
            copy(1);
        } else if (c == '[' || c == '&' || c == '{' || c == '}' || c == '$') {
            m_out += '\\';
            copy(1);
        } else {
            copy(1);
        }
    }

    std::string_view m_in;
    std::string m_out;
    std::size_t m_at = 0;
    bool m_inSet = false;
};

}  // namespace

struct PythonPattern::State {
    std::unique_ptr<icu::RegexMatcher> matcher;
    icu::UnicodeString text;
    bool timedOut = false;

    void read(std::string_view value) {
        text = icu::UnicodeString::fromUTF8({value.data(), static_cast<std::int32_t>(value.size())});
        matcher->reset(text);
    }
    bool answer(UBool matched, UErrorCode status) {
        if (U_FAILURE(status))
            timedOut = true;
        return U_SUCCESS(status) && matched;
    }
};

PythonPattern::PythonPattern(std::unique_ptr<State> state) : m_state(std::move(state)) {
}
PythonPattern::PythonPattern(PythonPattern&&) noexcept = default;
PythonPattern& PythonPattern::operator=(PythonPattern&&) noexcept = default;
PythonPattern::~PythonPattern() = default;

Result<PythonPattern> PythonPattern::compile(std::string_view pattern) {
    if (pattern.size() > kMostBytes)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("a pattern of {} bytes is too long; {} are allowed", pattern.size(), kMostBytes));
    const std::string translated = Translator(pattern).run();
    auto state = std::make_unique<State>();
    UErrorCode status = U_ZERO_ERROR;
    state->matcher = std::make_unique<icu::RegexMatcher>(
        icu::UnicodeString::fromUTF8({translated.data(), static_cast<std::int32_t>(translated.size())}), 0, status);
    if (U_FAILURE(status))
        return fail(ErrorCode::InvalidInput, fmt::format("the pattern \"{}\" cannot be read ({}); mend it",
                                                         pattern.substr(0, 200), u_errorName(status)));
    state->matcher->setTimeLimit(kTimeLimit, status);
    return PythonPattern(std::move(state));
}

bool PythonPattern::matchesAll(std::string_view text) {
    m_state->read(text);
    UErrorCode status = U_ZERO_ERROR;
    const UBool matched = m_state->matcher->matches(status);
    return m_state->answer(matched, status);
}

bool PythonPattern::matchesStart(std::string_view text, std::string* group1) {
    m_state->read(text);
    UErrorCode status = U_ZERO_ERROR;
    const UBool matched = m_state->matcher->lookingAt(status);
    if (!m_state->answer(matched, status))
        return false;
    if (group1) {
        group1->clear();
        m_state->matcher->group(1, status).toUTF8String(*group1);
    }
    return true;
}

bool PythonPattern::timedOut() const {
    return m_state->timedOut;
}

}  // namespace lathe::nn
