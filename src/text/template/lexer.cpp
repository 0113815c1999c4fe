// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// \source Jinja 3.1, "Template Designer Documentation": Whitespace Control, Escaping, Literals (semantics only).
#include "text/template/lexer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

#include "core/utf8.h"
#include "text/template/characters.h"
#include "text/template/fault.h"
#include "text/template/string_literal.h"

namespace lathe::text::jinja {
namespace {

constexpr std::array<std::string_view, 25> kOperators = {"//", "**", "==", "!=", ">=", "<=", "+", "-", "/",
                                                         "*",  "%",  "~",  "[",  "]",  "(",  ")", "{", "}",
                                                         ">",  "<",  "=",  ".",  ":",  "|",  ","};

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

/// "\r\n" and "\r" become "\n"; one line break at the very end is dropped.
std::string withPlainLines(std::string_view source) {
    std::string out;
    out.reserve(source.size());
    for (std::size_t i = 0; i < source.size(); ++i) {
        if (source[i] != '\r') {
            out.push_back(source[i]);
            continue;
        }
        out.push_back('\n');
        if (i + 1 < source.size() && source[i + 1] == '\n')
            ++i;
    }
    if (!out.empty() && out.back() == '\n')
        out.pop_back();
    return out;
}

class Lexer {
public:
    explicit Lexer(std::string_view source) : m_source(withPlainLines(source)) {}

    std::vector<Token> run() {
        while (m_pos < m_source.size())
            root();
        add(TokenKind::End, "");
        return std::move(m_tokens);
    }

private:
    std::string_view rest() const { return std::string_view(m_source).substr(m_pos); }
    bool startsWith(std::string_view text) const { return rest().starts_with(text); }

    [[noreturn]] void fail(std::string message) const { throw Fault{FaultKind::Syntax, std::move(message), m_line}; }

    Token& add(TokenKind kind, std::string text) {
        Token token;
        token.kind = kind;
        token.line = m_line;
        token.text = std::move(text);
        m_tokens.push_back(std::move(token));
        return m_tokens.back();
    }

    /// Goes on to \p end and counts the lines in between.
    void moveTo(std::size_t end) {
        m_line += static_cast<int>(std::count(m_source.begin() + static_cast<std::ptrdiff_t>(m_pos),
                                              m_source.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
        m_lineStarts = end > m_pos ? m_source[end - 1] == '\n' : m_lineStarts;
        m_pos = end;
    }

    std::size_t skipSpace(std::size_t pos) const { return pos + leadingSpace(std::string_view(m_source).substr(pos)); }

    /// Text up to the next tag, and the tag's beginning.
    void root() {
        std::size_t tag = m_pos;
        for (;; ++tag) {
            tag = m_source.find('{', tag);
            if (tag == std::string::npos || tag + 1 >= m_source.size()) {
                data(m_pos, m_source.size());
                moveTo(m_source.size());
                return;
            }
            if (const char next = m_source[tag + 1]; next == '%' || next == '{' || next == '#')
                break;
        }
        const char kind = m_source[tag + 1];
        const std::size_t sign = tag + 2;
        const bool signedTag = sign < m_source.size() && (m_source[sign] == '-' || m_source[sign] == '+');
        data(m_pos, textEnd(tag, kind, signedTag ? m_source[sign] : '\0'));
        moveTo(sign + (signedTag ? 1 : 0));
        if (kind == '#')
            comment();
        else if (const auto raw = kind == '%' ? rawBegin() : std::nullopt)
            rawText(*raw);
        else
            expression(kind == '%');
    }

    /// Where the text before a tag ends, white space control applied.
    std::size_t textEnd(std::size_t tag, char kind, char sign) const {
        const std::string_view text = std::string_view(m_source).substr(m_pos, tag - m_pos);
        if (sign == '-')
            return tag - trailingSpace(text);
        if (sign == '+' || kind == '{')
            return tag;
        const std::size_t newline = text.rfind('\n');
        const std::size_t lineBegin = newline == std::string_view::npos ? 0 : newline + 1;
        if (lineBegin == 0 && !m_lineStarts)
            return tag;
        const std::string_view indent = text.substr(lineBegin);
        return leadingSpace(indent) == indent.size() ? m_pos + lineBegin : tag;
    }

    void data(std::size_t begin, std::size_t end) {
        if (end > begin)
            add(TokenKind::Data, m_source.substr(begin, end - begin));
    }

    /// The end of a tag at \p pos ("%}", "-%}", "+%}" with what they eat), or nothing.
    std::optional<std::size_t> tagEnd(std::size_t pos, std::string_view close, bool trimsNewline) const {
        const std::string_view at = std::string_view(m_source).substr(pos);
        if (at.starts_with('-') && at.substr(1).starts_with(close))
            return skipSpace(pos + 1 + close.size());
        if (trimsNewline && at.starts_with('+') && at.substr(1).starts_with(close))
            return pos + 1 + close.size();
        if (!at.starts_with(close))
            return std::nullopt;
        const std::size_t end = pos + close.size();
        return trimsNewline && end < m_source.size() && m_source[end] == '\n' ? end + 1 : end;
    }

    void comment() {
        for (std::size_t pos = m_pos; pos < m_source.size(); ++pos) {
            if (const auto end = tagEnd(pos, "#}", true)) {
                moveTo(*end);
                return;
            }
        }
        if (m_pos < m_source.size())  // as in Jinja a "{#" at the very end is no error
            fail("Missing end of comment tag");
    }

    /// Behind "{%" and its sign: where the text of a raw block begins, or nothing if it is another block.
    std::optional<std::size_t> rawBegin() const {
        std::size_t pos = skipSpace(m_pos);
        if (!std::string_view(m_source).substr(pos).starts_with("raw"))
            return std::nullopt;
        pos = skipSpace(pos + 3);
        return tagEnd(pos, "%}", false);
    }

    void rawText(std::size_t begin) {
        moveTo(begin);
        for (std::size_t tag = m_source.find("{%", m_pos); tag != std::string::npos;
             tag = m_source.find("{%", tag + 1)) {
            std::size_t pos = tag + 2;
            const char sign =
                pos < m_source.size() && (m_source[pos] == '-' || m_source[pos] == '+') ? m_source[pos] : '\0';
            pos = skipSpace(sign ? pos + 1 : pos);
            if (!std::string_view(m_source).substr(pos).starts_with("endraw"))
                continue;
            const auto end = tagEnd(skipSpace(pos + 6), "%}", true);
            if (!end)
                continue;
            data(m_pos, textEnd(tag, '%', sign));
            moveTo(*end);
            return;
        }
        if (m_pos < m_source.size())
            fail("Missing end of raw directive");
    }

    /// Tokens of a block or of a variable up to its end.
    void expression(bool block) {
        add(block ? TokenKind::BlockBegin : TokenKind::VariableBegin, "");
        std::string open;  // brackets that wait for their partners
        while (m_pos < m_source.size()) {
            const auto end = open.empty() ? tagEnd(m_pos, block ? "%}" : "}}", block) : std::nullopt;
            if (end) {
                add(block ? TokenKind::BlockEnd : TokenKind::VariableEnd, "");
                moveTo(*end);
                return;
            }
            if (const std::size_t spaces = leadingSpace(rest()); spaces > 0)
                moveTo(m_pos + spaces);
            else if (!number() && !name() && !string() && !symbol(open))
                unexpectedCharacter();
        }
    }

    [[noreturn]] void unexpectedCharacter() const {
        std::size_t next = m_pos;
        nextCodePoint(m_source, next);
        const std::string_view character = std::string_view(m_source).substr(m_pos, next - m_pos);
        fail(fmt::format("unexpected char {} at {}", literalOf(character),
                         countCodePoints(std::string_view(m_source).substr(0, m_pos))));
    }

    /// Digits with single underscores between them, from \p pos; returns where they end (pos: none).
    template <class IsDigit>
    std::size_t digits(std::size_t pos, IsDigit isOne) const {
        std::size_t end = pos;
        while (end < m_source.size()) {
            if (isOne(m_source[end]))
                ++end;
            else if (end > pos && m_source[end] == '_' && end + 1 < m_source.size() && isOne(m_source[end + 1]))
                end += 2;
            else
                break;
        }
        return end;
    }

    bool number() { return isDigit(m_source[m_pos]) && (real() || integer()); }

    bool real() {
        if (m_pos > 0 && m_source[m_pos - 1] == '.')
            return false;
        std::size_t end = digits(m_pos, isDigit);
        bool isReal = false;
        const auto at = [&](std::size_t pos) { return pos < m_source.size() ? m_source[pos] : '\0'; };
        if (at(end) == '.' && isDigit(at(end + 1))) {
            end = digits(end + 1, isDigit);
            isReal = true;
        }
        if (at(end) == 'e' || at(end) == 'E') {
            const std::size_t exponent = end + (at(end + 1) == '+' || at(end + 1) == '-' ? 2 : 1);
            if (isDigit(at(exponent))) {
                end = digits(exponent, isDigit);
                isReal = true;
            }
        }
        if (!isReal)
            return false;
        std::string plain = m_source.substr(m_pos, end - m_pos);
        std::erase(plain, '_');
        Token& token = add(TokenKind::Float, plain);
        const auto parsed = std::from_chars(plain.data(), plain.data() + plain.size(), token.real);
        if (parsed.ec == std::errc::result_out_of_range)
            token.real = plain.find("e-") == std::string::npos && plain.find("E-") == std::string::npos
                             ? std::numeric_limits<double>::infinity()
                             : 0.0;
        moveTo(end);
        return true;
    }

    bool integer() {
        const char marker = m_pos + 1 < m_source.size() && m_source[m_pos] == '0' ? m_source[m_pos + 1] | 0x20 : '\0';
        const int base = marker == 'x' ? 16 : marker == 'o' ? 8 : marker == 'b' ? 2 : 10;
        const auto isOne = [base](char c) {
            const int value = isDigit(c)                               ? c - '0'
                              : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                                       : 99;
            return value < base;
        };
        // "0x_1f" may have an underscore there, "0_" may not; a decimal number has no leading zero.
        std::size_t begin = m_pos, end = m_pos;
        if (base != 10) {
            begin += m_pos + 2 < m_source.size() && m_source[m_pos + 2] == '_' ? 3 : 2;
            end = digits(begin, isOne);
        }
        if (base == 10 || end == begin) {
            begin = m_pos;
            end = m_source[m_pos] == '0' ? digits(m_pos, [](char c) { return c == '0'; }) : digits(m_pos, isDigit);
        }
        std::string plain = m_source.substr(begin, end - begin);
        std::erase(plain, '_');
        Token& token = add(TokenKind::Integer, plain);
        const int used = begin == m_pos ? 10 : base;
        if (std::from_chars(plain.data(), plain.data() + plain.size(), token.integer, used).ec != std::errc())
            throw Fault{FaultKind::Unsupported, fmt::format("an integer beyond 64 bits ({})", clipUtf8(plain, 40)),
                        m_line};
        moveTo(end);
        return true;
    }

    bool name() {
        std::size_t end = m_pos;
        for (std::size_t next = end; next < m_source.size(); end = next)
            if (!isWord(nextCodePoint(m_source, next)))
                break;
        if (end == m_pos)
            return false;
        std::string text = m_source.substr(m_pos, end - m_pos);
        if (!isIdentifier(text))
            fail("Invalid character in identifier");
        add(TokenKind::Name, std::move(text));
        moveTo(end);
        return true;
    }

    bool string() {
        const char quote = m_source[m_pos];
        if (quote != '\'' && quote != '"')
            return false;
        std::size_t end = m_pos + 1;
        while (end < m_source.size() && m_source[end] != quote)
            end += m_source[end] == '\\' ? 2 : 1;
        if (end >= m_source.size())
            return false;
        try {
            add(TokenKind::String, unescaped(std::string_view(m_source).substr(m_pos + 1, end - m_pos - 1)));
        } catch (Fault& fault) {
            fault.line = m_line;
            throw;
        }
        moveTo(end + 1);
        return true;
    }

    bool symbol(std::string& open) {
        const auto found = std::ranges::find_if(kOperators, [&](std::string_view one) { return startsWith(one); });
        if (found == kOperators.end())
            return startsWith(";") ? (add(TokenKind::Operator, ";"), moveTo(m_pos + 1), true) : false;
        const char c = found->front();
        if (c == '(' || c == '[' || c == '{') {
            open.push_back(c == '(' ? ')' : c == '[' ? ']' : '}');
        } else if (c == ')' || c == ']' || c == '}') {
            if (open.empty())
                fail(fmt::format("unexpected '{}'", c));
            const char expected = open.back();
            open.pop_back();
            if (expected != c)
                fail(fmt::format("unexpected '{}', expected '{}'", c, expected));
        }
        add(TokenKind::Operator, std::string(*found));
        moveTo(m_pos + found->size());
        return true;
    }

    std::string m_source;
    std::size_t m_pos = 0;
    int m_line = 1;
    bool m_lineStarts = true;  // the last thing read ended a line
    std::vector<Token> m_tokens;
};

}  // namespace

std::string Token::description() const {
    switch (kind) {
        case TokenKind::Name:
        case TokenKind::Operator:
            return text;
        case TokenKind::Data:
            return "template data / text";
        case TokenKind::BlockBegin:
            return "begin of statement block";
        case TokenKind::BlockEnd:
            return "end of statement block";
        case TokenKind::VariableBegin:
            return "begin of print statement";
        case TokenKind::VariableEnd:
            return "end of print statement";
        case TokenKind::String:
            return "string";
        case TokenKind::Integer:
            return "integer";
        case TokenKind::Float:
            return "float";
        case TokenKind::End:
            break;
    }
    return "end of template";
}

std::vector<Token> tokenize(std::string_view source) {
    return Lexer(source).run();
}

}  // namespace lathe::text::jinja
