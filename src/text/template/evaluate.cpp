// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The renderer's expressions.
#include <algorithm>

#include "text/template/filters.h"
#include "text/template/operations.h"
#include "text/template/python_text.h"
#include "text/template/renderer.h"
#include "text/template/string_literal.h"

namespace lathe::text::jinja {

Value Renderer::evaluate(const Expression& expression) {
    const Context::Nested nested(m_context);
    m_context.step();
    m_line = expression.line;
    return std::visit([this](const auto& node) { return value(node); }, expression.node);
}

std::optional<Value>& Renderer::slot(const Place& place) const {
    Activation* activation = m_activation.get();
    for (int i = 0; i < place.functionsOut; ++i)
        activation = activation->outer.get();
    return activation->slots[static_cast<std::size_t>(place.slot)];
}

Value Renderer::value(const NameExpr& node) {
    const std::optional<Value>& found = slot(node.place);
    return found ? *found : Value::undefined(fmt::format("{} is undefined", literalOf(node.name)));
}

Value Renderer::value(const NamespaceExpr& node) {
    return slot(node.place).value_or(Value::undefined(fmt::format("{} is undefined", literalOf(node.object))));
}

Values Renderer::all(const std::vector<ExpressionPtr>& expressions) {
    Values values;
    values.reserve(expressions.size());
    for (const ExpressionPtr& expression : expressions)
        values.push_back(evaluate(expression));
    return values;
}

Value Renderer::value(const DictExpr& node) {
    Dict dict;
    for (const auto& [key, item] : node.entries) {
        Value keyValue = evaluate(key);
        dict.set(std::move(keyValue), evaluate(item));
    }
    return Value::dict(std::move(dict));
}

Value Renderer::value(const AttributeExpr& node) {
    return attributeOf(m_context, evaluate(node.object), node.name);
}

Value Renderer::value(const SubscriptExpr& node) {
    const Value object = evaluate(node.object);
    return itemOf(m_context, object, evaluate(node.key));
}

Value Renderer::value(const SliceExpr& node) {
    const Value object = evaluate(node.object);
    const Value start = evaluateOrNone(node.start), stop = evaluateOrNone(node.stop);
    return sliceOf(m_context, object, start, stop, evaluateOrNone(node.step));
}

Arguments Renderer::argumentsOf(const CallArguments& arguments) {
    Arguments result;
    result.positional = all(arguments.positional);
    for (const auto& [name, expression] : arguments.named)
        result.named.emplace_back(name, evaluate(expression));
    if (arguments.star)
        for (Value& item : listOf(m_context, evaluate(arguments.star)))
            result.positional.push_back(std::move(item));
    if (!arguments.doubleStar)
        return result;
    const Value mapping = evaluate(arguments.doubleStar);
    if (!mapping.isDict())
        raise(FaultKind::Type, "argument after ** must be a mapping, not {}", mapping.typeName());
    for (const auto& [key, item] : mapping.dict().entries()) {
        if (!key.isString())
            raise(FaultKind::Type, "keywords must be strings");
        const std::string& name = key.bytes();
        if (std::ranges::any_of(result.named, [&](const auto& one) { return one.first == name; }))
            raise(FaultKind::Type, "got multiple values for keyword argument '{}'", name);
        result.named.emplace_back(name, item);
    }
    return result;
}

Value Renderer::callWith(const CallExpr& node, const Value* caller) {
    const Value callee = evaluate(node.callee);
    Arguments arguments = argumentsOf(node.arguments);
    if (caller)
        arguments.named.emplace_back("caller", *caller);
    return call(m_context, callee, arguments);
}

Value Renderer::value(const FilterExpr& node) {
    const Value input = node.input ? evaluate(node.input) : *m_blockInput;
    return applyFilter(m_context, node.name, input, argumentsOf(node.arguments));
}

Value Renderer::value(const TestExpr& node) {
    const Value input = evaluate(node.input);
    return Value::boolean(applyTest(m_context, node.name, input, argumentsOf(node.arguments)));
}

Value Renderer::value(const UnaryExpr& node) {
    return unary(node.op, evaluate(node.operand));
}

Value Renderer::value(const BinaryExpr& node) {
    Value left = evaluate(node.left);
    if (node.op == BinaryExpr::Op::And || node.op == BinaryExpr::Op::Or)
        return truth(left) == (node.op == BinaryExpr::Op::And) ? evaluate(node.right) : left;
    return binary(m_context, node.op, left, evaluate(node.right));
}

Value Renderer::value(const ConcatExpr& node) {
    Text out;
    for (const ExpressionPtr& part : node.parts)
        printString(m_context, out, evaluate(part));
    return Value::string(std::move(out));
}

Value Renderer::value(const CompareExpr& node) {
    Value left = evaluate(node.first);
    for (const auto& [op, expression] : node.rest) {
        Value right = evaluate(expression);
        if (!related(m_context, op, left, right))
            return Value::boolean(false);
        left = std::move(right);
    }
    return Value::boolean(true);
}

Value Renderer::value(const ConditionalExpr& node) {
    const int line = m_line;
    if (truth(evaluate(node.test)))
        return evaluate(node.then);
    if (node.otherwise)
        return evaluate(node.otherwise);
    return Value::undefined(
        fmt::format("the inline if-expression on line {} evaluated to false and no else section was defined.", line));
}

}  // namespace lathe::text::jinja
