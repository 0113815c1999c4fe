// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/template/expression_parser.h"

#include <algorithm>
#include <array>

#include "text/template/node_making.h"

namespace lathe::text::jinja {
namespace {

ExpressionPtr makeBinary(int line, BinaryExpr::Op op, ExpressionPtr left, ExpressionPtr right) {
    const int height = std::max(heightOf(left), heightOf(right));
    return make(line, height, BinaryExpr{op, std::move(left), std::move(right)});
}

std::optional<CompareExpr::Op> comparisonOf(const Token& token) {
    using Op = CompareExpr::Op;
    constexpr std::array<std::pair<std::string_view, Op>, 6> kOps = {{{"==", Op::Equal},
                                                                      {"!=", Op::NotEqual},
                                                                      {"<", Op::Less},
                                                                      {"<=", Op::LessEqual},
                                                                      {">", Op::Greater},
                                                                      {">=", Op::GreaterEqual}}};
    if (token.kind != TokenKind::Operator)
        return std::nullopt;
    const auto found = std::ranges::find(kOps, token.text, [](const auto& op) { return op.first; });
    return found == kOps.end() ? std::nullopt : std::optional(found->second);
}

bool isReservedConstant(std::string_view name) {
    return name == "true" || name == "false" || name == "none" || name == "True" || name == "False" || name == "None";
}

/// "list" in "can't assign to 'list'"; nullptr where one may assign.
const char* notAssignable(const Expression& target) {
    if (const auto* tuple = std::get_if<TupleExpr>(&target.node)) {
        const bool bad =
            std::ranges::any_of(tuple->items, [](const auto& item) { return notAssignable(*item) != nullptr; });
        return bad ? "tuple" : nullptr;
    }
    if (std::holds_alternative<NameExpr>(target.node) || std::holds_alternative<NamespaceExpr>(target.node))
        return nullptr;
    return std::holds_alternative<ListExpr>(target.node)   ? "list"
           : std::holds_alternative<DictExpr>(target.node) ? "dict"
                                                           : "const";
}

}  // namespace

ExpressionPtr ExpressionParser::expression(bool withConditional) {
    const Deeper deeper(m_depth, m_stream);
    return withConditional ? conditional() : disjunction();
}

ExpressionPtr ExpressionParser::conditional() {
    int line = m_stream.current().line;
    ExpressionPtr then = disjunction();
    while (m_stream.skipName("if")) {
        ExpressionPtr test = disjunction();
        ExpressionPtr otherwise;
        if (m_stream.skipName("else")) {
            const Deeper deeper(m_depth, m_stream);
            otherwise = conditional();
        }
        const int height = std::max({heightOf(test), heightOf(then), heightOf(otherwise)});
        then = make(line, height, ConditionalExpr{std::move(test), std::move(then), std::move(otherwise)});
        line = m_stream.current().line;
    }
    return then;
}

ExpressionPtr ExpressionParser::disjunction() {
    const int line = m_stream.current().line;
    ExpressionPtr left = conjunction();
    while (m_stream.skipName("or"))
        left = makeBinary(line, BinaryExpr::Op::Or, std::move(left), conjunction());
    return left;
}

ExpressionPtr ExpressionParser::conjunction() {
    const int line = m_stream.current().line;
    ExpressionPtr left = negation();
    while (m_stream.skipName("and"))
        left = makeBinary(line, BinaryExpr::Op::And, std::move(left), negation());
    return left;
}

ExpressionPtr ExpressionParser::negation() {
    const int line = m_stream.current().line;
    if (!m_stream.skipName("not"))
        return comparison();
    const Deeper deeper(m_depth, m_stream);
    ExpressionPtr operand = negation();
    const int height = heightOf(operand);
    return make(line, height, UnaryExpr{UnaryExpr::Op::Not, std::move(operand)});
}

ExpressionPtr ExpressionParser::comparison() {
    const int line = m_stream.current().line;
    CompareExpr compare{sum(), {}};
    int height = heightOf(compare.first);
    for (;;) {
        std::optional<CompareExpr::Op> op = comparisonOf(m_stream.current());
        if (op) {
            m_stream.next();
        } else if (m_stream.skipName("in")) {
            op = CompareExpr::Op::In;
        } else if (m_stream.current().isName("not") && m_stream.look().isName("in")) {
            m_stream.next();
            m_stream.next();
            op = CompareExpr::Op::NotIn;
        } else {
            break;
        }
        compare.rest.emplace_back(*op, sum());
        height = std::max(height, heightOf(compare.rest.back().second));
    }
    if (compare.rest.empty())
        return std::move(compare.first);
    return make(line, height, std::move(compare));
}

ExpressionPtr ExpressionParser::sum() {
    const int line = m_stream.current().line;
    ExpressionPtr left = concatenation();
    for (;;) {
        if (m_stream.skipOperator("+"))
            left = makeBinary(line, BinaryExpr::Op::Add, std::move(left), concatenation());
        else if (m_stream.skipOperator("-"))
            left = makeBinary(line, BinaryExpr::Op::Subtract, std::move(left), concatenation());
        else
            return left;
    }
}

ExpressionPtr ExpressionParser::concatenation() {
    const int line = m_stream.current().line;
    ConcatExpr concat;
    concat.parts.push_back(product());
    while (m_stream.skipOperator("~"))
        concat.parts.push_back(product());
    if (concat.parts.size() == 1)
        return std::move(concat.parts.front());
    const int height = heightOf(concat.parts);
    return make(line, height, std::move(concat));
}

ExpressionPtr ExpressionParser::product() {
    const int line = m_stream.current().line;
    ExpressionPtr left = power();
    for (;;) {
        if (m_stream.skipOperator("*"))
            left = makeBinary(line, BinaryExpr::Op::Multiply, std::move(left), power());
        else if (m_stream.skipOperator("/"))
            left = makeBinary(line, BinaryExpr::Op::Divide, std::move(left), power());
        else if (m_stream.skipOperator("//"))
            left = makeBinary(line, BinaryExpr::Op::FloorDivide, std::move(left), power());
        else if (m_stream.skipOperator("%"))
            left = makeBinary(line, BinaryExpr::Op::Modulo, std::move(left), power());
        else
            return left;
    }
}

ExpressionPtr ExpressionParser::power() {
    const int line = m_stream.current().line;
    ExpressionPtr left = unary();
    while (m_stream.skipOperator("**"))
        left = makeBinary(line, BinaryExpr::Op::Power, std::move(left), unary());
    return left;
}

ExpressionPtr ExpressionParser::unary(bool withFilters) {
    const Deeper deeper(m_depth, m_stream);
    const int line = m_stream.current().line;
    ExpressionPtr node;
    if (m_stream.current().isOperator("-") || m_stream.current().isOperator("+")) {
        const auto op = m_stream.next().text == "-" ? UnaryExpr::Op::Negative : UnaryExpr::Op::Positive;
        ExpressionPtr operand = unary(false);
        const int height = heightOf(operand);
        node = make(line, height, UnaryExpr{op, std::move(operand)});
    } else {
        node = primary();
    }
    node = postfix(std::move(node));
    return withFilters ? filtersAndTests(std::move(node)) : std::move(node);
}

ExpressionPtr ExpressionParser::primary(bool withNamespace) {
    const Token token = m_stream.current();
    const int line = token.line;
    switch (token.kind) {
        case TokenKind::Name: {
            m_stream.next();
            if (token.text == "none" || token.text == "None")
                return make(line, 0, ConstantExpr{});
            if (isReservedConstant(token.text))
                return make(line, 0, ConstantExpr{Value::boolean(token.text == "true" || token.text == "True")});
            if (withNamespace && m_stream.skipOperator("."))
                return make(line, 0, NamespaceExpr{token.text, m_stream.expectName(), {}});
            return make(line, 0, NameExpr{token.text, {}});
        }
        case TokenKind::String: {
            std::string text;
            while (m_stream.current().kind == TokenKind::String)
                text += m_stream.next().text;
            return make(line, 0, ConstantExpr{Value::string(text)});
        }
        case TokenKind::Integer:
            m_stream.next();
            return make(line, 0, ConstantExpr{Value::integer(token.integer)});
        case TokenKind::Float:
            m_stream.next();
            return make(line, 0, ConstantExpr{Value::real(token.real)});
        default:
            break;
    }
    if (m_stream.skipOperator("(")) {
        ExpressionPtr inner = tuple(true, {}, /*inParentheses=*/true);
        m_stream.expectOperator(")");
        return inner;
    }
    if (token.isOperator("["))
        return list();
    if (token.isOperator("{"))
        return dict();
    m_stream.fail(fmt::format("unexpected {}", literalOf(token.description())));
}

ExpressionPtr ExpressionParser::list() {
    const int line = m_stream.current().line;
    m_stream.expectOperator("[");
    ListExpr list;
    while (!m_stream.current().isOperator("]")) {
        if (!list.items.empty())
            m_stream.expectOperator(",");
        if (m_stream.current().isOperator("]"))
            break;
        list.items.push_back(expression());
    }
    m_stream.expectOperator("]");
    const int height = heightOf(list.items);
    return make(line, height, std::move(list));
}

ExpressionPtr ExpressionParser::dict() {
    const int line = m_stream.current().line;
    m_stream.expectOperator("{");
    DictExpr dict;
    int height = 0;
    while (!m_stream.current().isOperator("}")) {
        if (!dict.entries.empty())
            m_stream.expectOperator(",");
        if (m_stream.current().isOperator("}"))
            break;
        ExpressionPtr key = expression();
        m_stream.expectOperator(":");
        ExpressionPtr value = expression();
        height = std::max({height, heightOf(key), heightOf(value)});
        dict.entries.emplace_back(std::move(key), std::move(value));
    }
    m_stream.expectOperator("}");
    return make(line, height, std::move(dict));
}

bool ExpressionParser::isTupleEnd(std::string_view endName) const {
    const Token& token = m_stream.current();
    return token.kind == TokenKind::VariableEnd || token.kind == TokenKind::BlockEnd || token.isOperator(")") ||
           (!endName.empty() && token.isName(endName));
}

ExpressionPtr ExpressionParser::tuple(bool withConditional, std::string_view endName, bool inParentheses) {
    const int line = m_stream.current().line;
    TupleExpr tuple;
    bool isTuple = false;
    for (;;) {
        if (!tuple.items.empty())
            m_stream.expectOperator(",");
        if (isTupleEnd(endName))
            break;
        tuple.items.push_back(expression(withConditional));
        if (!m_stream.current().isOperator(","))
            break;
        isTuple = true;
    }
    if (!isTuple && !tuple.items.empty())
        return std::move(tuple.items.front());
    if (!isTuple && !inParentheses)
        m_stream.fail(fmt::format("Expected an expression, got {}", literalOf(m_stream.current().description())));
    const int height = heightOf(tuple.items);
    return make(line, height, std::move(tuple));
}

ExpressionPtr ExpressionParser::target(bool withNamespace, std::string_view endName) {
    const int line = m_stream.current().line;
    TupleExpr tuple;
    bool isTuple = false;
    for (;;) {
        if (!tuple.items.empty())
            m_stream.expectOperator(",");
        if (isTupleEnd(endName))
            break;
        tuple.items.push_back(primary(withNamespace));
        if (!m_stream.current().isOperator(","))
            break;
        isTuple = true;
    }
    if (tuple.items.empty())
        m_stream.fail(fmt::format("Expected an expression, got {}", literalOf(m_stream.current().description())));
    const int height = heightOf(tuple.items);
    ExpressionPtr target = isTuple ? make(line, height, std::move(tuple)) : std::move(tuple.items.front());
    if (const char* what = notAssignable(*target))
        m_stream.fail(fmt::format("can't assign to '{}'", what), target->line);
    return target;
}

std::string ExpressionParser::targetName() {
    const int line = m_stream.current().line;
    std::string name = m_stream.expectName();
    if (isReservedConstant(name))
        m_stream.fail("can't assign to 'name'", line);
    return name;
}

ExpressionPtr ExpressionParser::postfix(ExpressionPtr node) {
    for (;;) {
        if (m_stream.current().isOperator(".") || m_stream.current().isOperator("["))
            node = subscript(std::move(node));
        else if (m_stream.current().isOperator("("))
            node = call(std::move(node));
        else
            return node;
    }
}

ExpressionPtr ExpressionParser::filtersAndTests(ExpressionPtr node) {
    for (;;) {
        if (m_stream.current().isOperator("|"))
            node = filters(std::move(node));
        else if (m_stream.current().isName("is"))
            node = test(std::move(node));
        else if (m_stream.current().isOperator("("))
            node = call(std::move(node));
        else
            return node;
    }
}

ExpressionPtr ExpressionParser::subscript(ExpressionPtr node) {
    const int line = m_stream.current().line;
    const int height = heightOf(node);
    if (m_stream.skipOperator(".")) {
        const Token token = m_stream.next();
        if (token.kind == TokenKind::Name)
            return make(line, height, AttributeExpr{std::move(node), token.text});
        if (token.kind != TokenKind::Integer)
            m_stream.fail("expected name or number", token.line);
        return make(line, height,
                    SubscriptExpr{std::move(node), make(line, 0, ConstantExpr{Value::integer(token.integer)})});
    }
    m_stream.expectOperator("[");
    ExpressionPtr result = sliceOrKey(std::move(node));
    m_stream.expectOperator("]");
    return result;
}

ExpressionPtr ExpressionParser::sliceOrKey(ExpressionPtr object) {
    const int line = m_stream.current().line;
    const auto atEnd = [&] { return m_stream.current().isOperator("]") || m_stream.current().isOperator(","); };
    ExpressionPtr first;
    if (atEnd()) {  // x[] is the empty tuple as a key
        const int height = heightOf(object);
        return make(line, height, SubscriptExpr{std::move(object), make(line, 0, TupleExpr{})});
    }
    if (!m_stream.current().isOperator(":"))
        first = expression();
    if (m_stream.skipOperator(":")) {
        SliceExpr slice{std::move(object), std::move(first), nullptr, nullptr};
        if (!m_stream.current().isOperator(":") && !atEnd())
            slice.stop = expression();
        if (m_stream.skipOperator(":") && !atEnd())
            slice.step = expression();
        if (m_stream.current().isOperator(","))
            m_stream.refuse("a slice in a list of subscripts");
        const int height =
            std::max({heightOf(slice.object), heightOf(slice.start), heightOf(slice.stop), heightOf(slice.step)});
        return make(line, height, std::move(slice));
    }
    if (m_stream.current().isOperator(",")) {
        TupleExpr keys;
        keys.items.push_back(std::move(first));
        while (m_stream.skipOperator(","))
            keys.items.push_back(expression());
        const int height = heightOf(keys.items);
        first = make(line, height, std::move(keys));
    }
    const int height = std::max(heightOf(object), heightOf(first));
    return make(line, height, SubscriptExpr{std::move(object), std::move(first)});
}

}  // namespace lathe::text::jinja
