// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Calls, filters and tests of the expression parser.
#include <algorithm>

#include "text/template/expression_parser.h"
#include "text/template/node_making.h"

namespace lathe::text::jinja {

CallArguments ExpressionParser::arguments() {
    const int line = m_stream.current().line;
    const auto ensure = [&](bool good) {
        if (!good)
            m_stream.fail("invalid syntax for function call expression", line);
    };
    m_stream.expectOperator("(");
    CallArguments result;
    bool needComma = false;
    while (!m_stream.current().isOperator(")")) {
        if (needComma) {
            m_stream.expectOperator(",");
            if (m_stream.current().isOperator(")"))
                break;
        }
        needComma = true;
        if (m_stream.skipOperator("*")) {
            ensure(!result.star && !result.doubleStar);
            result.star = expression();
        } else if (m_stream.skipOperator("**")) {
            ensure(!result.doubleStar);
            result.doubleStar = expression();
        } else if (m_stream.current().kind == TokenKind::Name && m_stream.look().isOperator("=")) {
            ensure(!result.doubleStar);
            std::string name = m_stream.next().text;
            m_stream.next();
            const bool twice = std::ranges::any_of(result.named, [&](const auto& one) { return one.first == name; });
            if (twice)
                m_stream.fail(fmt::format("keyword argument repeated: {}", name), line);
            result.named.emplace_back(std::move(name), expression());
        } else {
            ensure(!result.star && !result.doubleStar && result.named.empty());
            result.positional.push_back(expression());
        }
    }
    m_stream.expectOperator(")");
    return result;
}

ExpressionPtr ExpressionParser::call(ExpressionPtr callee) {
    const int line = m_stream.current().line;
    CallArguments given = arguments();
    const int height = std::max(heightOf(callee), heightOf(given));
    return make(line, height, CallExpr{std::move(callee), std::move(given)});
}

std::string ExpressionParser::dottedName() {
    std::string name = m_stream.expectName();
    while (m_stream.skipOperator("."))
        name += "." + m_stream.expectName();
    return name;
}

ExpressionPtr ExpressionParser::filters(ExpressionPtr input, bool nameIsNext) {
    while (nameIsNext || m_stream.current().isOperator("|")) {
        if (!nameIsNext)
            m_stream.next();
        nameIsNext = false;
        const int line = m_stream.current().line;
        FilterExpr filter{nullptr, dottedName(), {}};
        if (m_stream.current().isOperator("("))
            filter.arguments = arguments();
        const int height = std::max(heightOf(input), heightOf(filter.arguments));
        filter.input = std::move(input);
        input = make(line, height, std::move(filter));
    }
    return input;
}

ExpressionPtr ExpressionParser::test(ExpressionPtr input) {
    m_stream.expectName("is");
    const int line = m_stream.current().line;
    const bool negated = m_stream.skipName("not");
    TestExpr test{nullptr, dottedName(), {}};
    const Token& token = m_stream.current();
    const bool isWord = token.isName("else") || token.isName("or") || token.isName("and");
    const bool mayBegin = token.kind == TokenKind::Name || token.kind == TokenKind::String ||
                          token.kind == TokenKind::Integer || token.kind == TokenKind::Float || token.isOperator("[") ||
                          token.isOperator("{");
    if (token.isOperator("(")) {
        test.arguments = arguments();
    } else if (mayBegin && !isWord) {
        if (token.isName("is"))
            m_stream.fail("You cannot chain multiple tests with is");
        test.arguments.positional.push_back(postfix(primary()));
    }
    const int height = std::max(heightOf(input), heightOf(test.arguments));
    test.input = std::move(input);
    ExpressionPtr node = make(line, height, std::move(test));
    return negated ? make(line, height + 1, UnaryExpr{UnaryExpr::Op::Not, std::move(node)}) : std::move(node);
}

}  // namespace lathe::text::jinja
