// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/unicode/regex.h"

#include <fmt/format.h>
#include <unicode/uregex.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <utility>

#include "core/utf8.h"

namespace lathe::text {
namespace {

constexpr std::int32_t kStackBytes = 64 << 20;  // of backtracking
constexpr std::int32_t kSteps = 20'000;         // of ICU's time limit: several seconds

struct Closer {
    void operator()(URegularExpression* regex) const { uregex_close(regex); }
};

std::u16string toUtf16(std::string_view text) {
    std::u16string out;
    for (std::size_t pos = 0; pos < text.size();) {
        const char32_t c = nextCodePoint(text, pos);
        if (c >= 0x10000) {
            out.push_back(static_cast<char16_t>(0xD7C0 + (c >> 10)));
            out.push_back(static_cast<char16_t>(0xDC00 | (c & 0x3FF)));
        } else {
            out.push_back(static_cast<char16_t>(c));
        }
    }
    return out;
}

}  // namespace

/// One ICU matcher with its copy of the text in UTF-16 and where each unit came from.
class Regex::Matcher {
public:
    explicit Matcher(URegularExpression* regex) : m_regex(regex) {}

    std::unique_ptr<Matcher> clone() const {
        UErrorCode status = U_ZERO_ERROR;
        URegularExpression* copy = uregex_clone(m_regex.get(), &status);
        return U_SUCCESS(status) ? std::make_unique<Matcher>(copy) : nullptr;
    }

    void run(std::string_view text, const std::function<void(std::size_t, std::size_t)>& found) {
        m_units.clear();
        m_bytes.clear();
        for (std::size_t pos = 0; pos < text.size();) {
            const auto at = static_cast<std::uint32_t>(pos);
            const char32_t c = nextCodePoint(text, pos);
            m_bytes.push_back(at);
            if (c >= 0x10000) {
                m_units.push_back(static_cast<char16_t>(0xD7C0 + (c >> 10)));
                m_units.push_back(static_cast<char16_t>(0xDC00 | (c & 0x3FF)));
                m_bytes.push_back(at);
            } else {
                m_units.push_back(static_cast<char16_t>(c));
            }
        }
        m_bytes.push_back(static_cast<std::uint32_t>(text.size()));
        UErrorCode status = U_ZERO_ERROR;
        uregex_setText(m_regex.get(), m_units.data(), static_cast<std::int32_t>(m_units.size()), &status);
        while (U_SUCCESS(status) && uregex_findNext(m_regex.get(), &status) != 0 && U_SUCCESS(status)) {
            const std::int32_t begin = uregex_start(m_regex.get(), 0, &status);
            const std::int32_t end = uregex_end(m_regex.get(), 0, &status);
            if (U_SUCCESS(status) && begin >= 0)
                found(m_bytes[static_cast<std::size_t>(begin)], m_bytes[static_cast<std::size_t>(end)]);
        }
    }

private:
    std::unique_ptr<URegularExpression, Closer> m_regex;
    std::u16string m_units;
    std::vector<std::uint32_t> m_bytes;
};

Regex::~Regex() = default;

namespace {

/// Rewrites a pattern from left to right; knows where the last atom began, so that it can be put in a group.
class Translator {
public:
    explicit Translator(std::string_view pattern) : m_in(pattern) {}

    std::string run() {
        while (m_at < m_in.size()) {
            const char c = m_in[m_at];
            if (c == '\\' && m_at + 1 < m_in.size())
                escape();
            else if (m_sets > 0)
                insideSet(c);
            else if (c == '{')
                brace();
            else
                outside(c);
        }
        return std::move(m_out);
    }

private:
    void escape() {
        // Oniguruma's word characters; its superscripts and fractions of Latin-1 are among them.
        static constexpr std::string_view kWord = R"(\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u00B2\u00B3\u00B9\u00BC-\u00BE)";
        const char next = m_in[m_at + 1];
        if (m_sets == 0)
            m_atom = m_out.size();
        m_at += 2;
        if (next == 'h' || next == 'H') {
            m_out += next == 'h' ? "[0-9a-fA-F]" : "[^0-9a-fA-F]";
        } else if (next == 'w' || next == 'W') {
            m_out += fmt::format("[{}{}]", next == 'W' ? "^" : "", kWord);
        } else {
            m_out += {'\\', next};
            // The braces of a property's name are no count.
            if ((next == 'p' || next == 'P' || next == 'x' || next == 'N') && m_in.substr(m_at).starts_with('{')) {
                const std::size_t end = std::min(m_in.find('}', m_at), m_in.size() - 1) + 1;
                m_out += m_in.substr(m_at, end - m_at);
                m_at = end;
            }
        }
    }

    void insideSet(char c) {
        m_sets += c == '[' ? 1 : c == ']' ? -1 : 0;
        m_out += c;
        ++m_at;
    }

    /// A count, or a brace that is itself. Behind a count "+" means once more, not "without backtracking".
    void brace() {
        std::size_t end = m_at + 1;
        while (end < m_in.size() && ((m_in[end] >= '0' && m_in[end] <= '9') || m_in[end] == ','))
            ++end;
        if (end == m_at + 1 || end >= m_in.size() || m_in[end] != '}') {
            m_atom = m_out.size();
            m_out += "\\{";
            ++m_at;
            return;
        }
        m_out += m_in.substr(m_at, end + 1 - m_at);
        m_at = end + 1;
        if (m_in.substr(m_at).starts_with('+')) {
            m_out.insert(m_atom, "(?:");
            m_out += ')';
        }
    }

    void outside(char c) {
        if (c == '(') {
            m_groups.push_back(m_out.size());
        } else if (c == ')') {
            m_atom = m_groups.empty() ? m_out.size() : m_groups.back();
            if (!m_groups.empty())
                m_groups.pop_back();
        } else if (c != '*' && c != '+' && c != '?' && (static_cast<unsigned char>(c) & 0xC0) != 0x80) {
            m_atom = m_out.size();
        }
        m_sets += c == '[' ? 1 : 0;
        m_out += c == '}' ? "\\}" : std::string(1, c);
        ++m_at;
    }

    std::string_view m_in;
    std::size_t m_at = 0;
    std::string m_out;
    std::size_t m_atom = 0;             // where the last atom begins in m_out
    std::vector<std::size_t> m_groups;  // where the open groups begin in it
    int m_sets = 0;                     // depth of [...]
};

}  // namespace

std::string icuPattern(std::string_view oniguruma) {
    return Translator(oniguruma).run();
}

Result<std::shared_ptr<const Regex>> Regex::compile(std::string_view pattern, std::string_view where) {
    if (pattern.size() > 100'000)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{}: a pattern of {} bytes is too long", where, pattern.size()));
    const std::u16string units = toUtf16(icuPattern(pattern));
    UParseError place{};
    UErrorCode status = U_ZERO_ERROR;
    // Lines end at \n alone and ^ and $ are about lines, as in Oniguruma.
    URegularExpression* regex = uregex_open(units.data(), static_cast<std::int32_t>(units.size()),
                                            UREGEX_MULTILINE | UREGEX_UNIX_LINES, &place, &status);
    if (U_FAILURE(status)) {
        uregex_close(regex);
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{}: the pattern \"{}\" is not understood at its character {} ({})", where,
                                clipUtf8(pattern, 200), place.offset, u_errorName(status)));
    }
    uregex_setStackLimit(regex, kStackBytes, &status);
    uregex_setTimeLimit(regex, kSteps, &status);
    std::shared_ptr<Regex> made(new Regex);
    made->m_first = std::make_unique<Matcher>(regex);
    return std::shared_ptr<const Regex>(std::move(made));
}

std::unique_ptr<Regex::Matcher> Regex::take() const {
    const std::lock_guard lock(m_mutex);
    if (m_idle.empty())
        return m_first->clone();
    auto matcher = std::move(m_idle.back());
    m_idle.pop_back();
    return matcher;
}

void Regex::forEachMatch(std::string_view text, const std::function<void(std::size_t, std::size_t)>& found) const {
    auto matcher = take();
    if (!matcher)
        return;
    matcher->run(text, found);
    const std::lock_guard lock(m_mutex);
    m_idle.push_back(std::move(matcher));
}

}  // namespace lathe::text
