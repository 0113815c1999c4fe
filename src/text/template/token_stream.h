// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The parser's view of the tokens. Private to parser.cpp and expression_parser.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "text/template/fault.h"
#include "text/template/lexer.h"
#include "text/template/string_literal.h"

namespace lathe::text::jinja {

class TokenStream {
public:
    explicit TokenStream(std::vector<Token> tokens) : m_tokens(std::move(tokens)) {}

    const Token& current() const { return m_tokens[m_at]; }
    const Token& look() const { return m_tokens[std::min(m_at + 1, m_tokens.size() - 1)]; }
    Token next() {
        Token token = m_tokens[m_at];
        if (m_at + 1 < m_tokens.size())
            ++m_at;
        return token;
    }
    bool skipName(std::string_view name) { return current().isName(name) && (next(), true); }
    bool skipOperator(std::string_view symbol) { return current().isOperator(symbol) && (next(), true); }
    void expectOperator(std::string_view symbol) {
        if (!skipOperator(symbol))
            unexpected(symbol);
    }
    void expectName(std::string_view name) {
        if (!skipName(name))
            unexpected(name);
    }
    std::string expectName() {
        if (current().kind != TokenKind::Name)
            unexpected("name");
        return next().text;
    }
    void expect(TokenKind kind) {
        if (current().kind != kind) {
            Token wanted;
            wanted.kind = kind;
            unexpected(wanted.description());
        }
        next();
    }
    [[noreturn]] void fail(std::string message, int line = 0) const {
        throw Fault{FaultKind::Syntax, std::move(message), line > 0 ? line : current().line};
    }
    [[noreturn]] void refuse(std::string construct, int line = 0) const {
        throw Fault{FaultKind::Unsupported, std::move(construct), line > 0 ? line : current().line};
    }

private:
    [[noreturn]] void unexpected(std::string_view wanted) const {
        if (current().kind == TokenKind::End)
            fail(fmt::format("unexpected end of template, expected {}.", literalOf(wanted)));
        fail(fmt::format("expected token {}, got {}", literalOf(wanted), literalOf(current().description())));
    }

    std::vector<Token> m_tokens;
    std::size_t m_at = 0;
};

}  // namespace lathe::text::jinja
