// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/template/string_literal.h"

#include <algorithm>
#include <optional>

#include "core/utf8.h"
#include "text/template/characters.h"
#include "text/template/fault.h"

namespace lathe::text::jinja {
namespace {

std::string escapeOf(char32_t c) {
    const auto value = static_cast<std::uint32_t>(c);
    return value < 0x100     ? fmt::format("\\x{:02x}", value)
           : value < 0x10000 ? fmt::format("\\u{:04x}", value)
                             : fmt::format("\\U{:08x}", value);
}

/// Jinja writes other characters as escapes first and decodes all of them then; the difference shows behind a
/// backslash that stands before such a character.
std::string asciiOnly(std::string_view text) {
    std::string out;
    for (std::size_t pos = 0; pos < text.size();) {
        const char32_t c = nextCodePoint(text, pos);
        if (c < 0x80)
            out.push_back(static_cast<char>(c));
        else
            out += escapeOf(c);
    }
    return out;
}

std::optional<char> simpleEscape(char c) {
    constexpr std::string_view kFrom = "\\'\"abfnrtv", kTo = "\\'\"\a\b\f\n\r\t\v";
    const std::size_t at = kFrom.find(c);
    return at == std::string_view::npos ? std::nullopt : std::optional(kTo[at]);
}

int hexDigit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    const int letter = (c | 0x20) - 'a';
    return letter >= 0 && letter < 6 ? letter + 10 : -1;
}

/// \p digits hex digits at \p pos, which moves behind them.
char32_t hexEscape(std::string_view text, std::size_t& pos, std::size_t digits, std::string_view name) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        const int digit = pos + i < text.size() ? hexDigit(text[pos + i]) : -1;
        if (digit < 0)
            raise(FaultKind::Syntax, "truncated \\{} escape", name);
        value = value * 16 + static_cast<std::uint64_t>(digit);
    }
    pos += digits;
    if (value > 0x10FFFF)
        raise(FaultKind::Syntax, "illegal Unicode character");
    if (value >= 0xD800 && value <= 0xDFFF)
        raise(FaultKind::Unsupported, "half of a surrogate pair in a string (\\u{:04x})", value);
    return static_cast<char32_t>(value);
}

char32_t octalEscape(std::string_view text, std::size_t& pos) {
    std::uint32_t value = 0;
    for (int i = 0; i < 3 && pos < text.size() && text[pos] >= '0' && text[pos] <= '7'; ++i)
        value = value * 8 + static_cast<std::uint32_t>(text[pos++] - '0');
    return static_cast<char32_t>(value);
}

}  // namespace

std::string unescaped(std::string_view literal) {
    if (isAscii(literal) && literal.find('\\') == std::string_view::npos)
        return std::string(literal);
    const std::string text = asciiOnly(literal);
    std::string out;
    for (std::size_t pos = 0; pos < text.size();) {
        const char c = text[pos++];
        if (c != '\\') {
            out.push_back(c);
            continue;
        }
        if (pos == text.size())
            raise(FaultKind::Syntax, "\\ at end of string");
        const char escape = text[pos++];
        if (const auto simple = simpleEscape(escape))
            out.push_back(*simple);
        else if (escape == '\n')
            continue;
        else if (escape == 'x')
            appendUtf8(out, hexEscape(text, pos, 2, "xXX"));
        else if (escape == 'u')
            appendUtf8(out, hexEscape(text, pos, 4, "uXXXX"));
        else if (escape == 'U')
            appendUtf8(out, hexEscape(text, pos, 8, "UXXXXXXXX"));
        else if (escape >= '0' && escape <= '7')
            appendUtf8(out, octalEscape(text, --pos));
        else if (escape == 'N')
            raise(FaultKind::Unsupported, "\\N{{...}} in a string");
        else
            out.append({'\\', escape});
    }
    return out;
}

std::string literalOf(std::string_view text) {
    const bool doubleQuotes = text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos;
    const char quote = doubleQuotes ? '"' : '\'';
    std::string out(1, quote);
    for (std::size_t pos = 0; pos < text.size();) {
        const std::size_t begin = pos;
        const char32_t c = nextCodePoint(text, pos);
        if (c == static_cast<char32_t>(quote) || c == U'\\')
            out.append({'\\', static_cast<char>(c)});
        else if (c == U'\n')
            out += "\\n";
        else if (c == U'\r')
            out += "\\r";
        else if (c == U'\t')
            out += "\\t";
        else if (isPrintable(c))
            out += text.substr(begin, pos - begin);
        else
            out += escapeOf(c);
    }
    out.push_back(quote);
    return out;
}

}  // namespace lathe::text::jinja
