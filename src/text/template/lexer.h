// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A template's source as tokens, white space controlled as trim_blocks and lstrip_blocks have it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lathe::text::jinja {

enum class TokenKind {
    Data,
    BlockBegin,
    BlockEnd,
    VariableBegin,
    VariableEnd,
    Name,
    String,
    Integer,
    Float,
    Operator,
    End
};

struct Token {
    TokenKind kind = TokenKind::End;
    int line = 1;
    std::string text;  ///< data, name, operator, or the string without quotes and escapes
    std::int64_t integer = 0;
    double real = 0;

    bool is(TokenKind wanted, std::string_view wantedText) const { return kind == wanted && text == wantedText; }
    bool isName(std::string_view name) const { return is(TokenKind::Name, name); }
    bool isOperator(std::string_view symbol) const { return is(TokenKind::Operator, symbol); }
    /// As Jinja names it in "expected token ..., got ...".
    std::string description() const;
};

/// Ends with a token of kind End. \throws Fault (Syntax, Unsupported)
std::vector<Token> tokenize(std::string_view source);

}  // namespace lathe::text::jinja
