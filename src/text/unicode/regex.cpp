// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/unicode/regex.h"

#include <fmt/format.h>
#include <unicode/uregex.h>
#include <unicode/ustring.h>

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

// What differs between the dialects where split patterns use it: \h is a hexadecimal digit in Oniguruma, \w does not
// hold joiners, and a brace that begins no count is itself.
std::string icuPattern(std::string_view pattern) {
    std::string out;
    int sets = 0;  // depth of [...]
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        if (c == '\\' && i + 1 < pattern.size()) {
            const char next = pattern[++i];
            const std::string_view word = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}";
            if (next == 'h' || next == 'H')
                out += next == 'h' ? "[0-9a-fA-F]" : "[^0-9a-fA-F]";
            else if (next == 'w' || next == 'W')
                out += fmt::format("[{}{}]", next == 'W' ? "^" : "", word);
            else
                out += {c, next};
            // The name of a property is no count.
            if ((next == 'p' || next == 'P' || next == 'x' || next == 'N') && pattern.substr(i + 1).starts_with('{')) {
                const std::size_t end = std::min(pattern.find('}', i), pattern.size() - 1);
                out += pattern.substr(i + 1, end - i);
                i = end;
            }
            continue;
        }
        if (c == '[')
            ++sets;
        else if (c == ']' && sets > 0)
            --sets;
        if (c == '{' && sets == 0) {
            std::size_t end = i + 1;
            while (end < pattern.size() && ((pattern[end] >= '0' && pattern[end] <= '9') || pattern[end] == ','))
                ++end;
            const bool count = end > i + 1 && end < pattern.size() && pattern[end] == '}';
            out += count ? "{" : "\\{";
            continue;
        }
        if (c == '}' && sets == 0 &&
            (i == 0 || !((pattern[i - 1] >= '0' && pattern[i - 1] <= '9') || pattern[i - 1] == ','))) {
            out += "\\}";
            continue;
        }
        out += c;
    }
    return out;
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
