// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Arithmetic and comparison. Integers have 64 bits here; beyond them a template is refused rather than wrong.
#include "text/template/operations.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "text/template/percent_format.h"
#include "text/template/python_text.h"

namespace lathe::text::jinja {
namespace {

using Op = BinaryExpr::Op;

[[noreturn]] void tooLarge() {
    raise(FaultKind::Unsupported, "an integer beyond 64 bits");
}

[[noreturn]] void wrongTypes(std::string_view symbol, const Value& a, const Value& b) {
    if (a.isUndefined() || b.isUndefined())
        raiseUndefined(a.isUndefined() ? a : b);
    raise(FaultKind::Type, "unsupported operand type(s) for {}: '{}' and '{}'", symbol, a.typeName(), b.typeName());
}

template <class Checked>
Value checked(const Value& a, const Value& b, Checked operation) {
    std::int64_t result = 0;
    if (operation(a.asInt(), b.asInt(), &result))
        tooLarge();
    return Value::integer(result);
}

bool bothIntegral(const Value& a, const Value& b) {
    return a.isIntegral() && b.isIntegral();
}

Value joined(Context& context, const Values& a, const Values& b, bool tuple) {
    context.step(a.size() + b.size());
    Values all;
    all.reserve(a.size() + b.size());
    all.insert(all.end(), a.begin(), a.end());
    all.insert(all.end(), b.begin(), b.end());
    return tuple ? Value::tuple(std::move(all)) : Value::list(std::move(all));
}

Value joinedStrings(Context& context, const Value& a, const Value& b) {
    context.charge(a.text().size() + b.text().size());
    const bool markup = a.isMarkup() || b.isMarkup();
    const auto part = [&](const Value& value) {
        return markup && !value.isMarkup() ? escapedHtml(value.text()) : value.text();
    };
    return Value::string(part(a).append(part(b)), markup);
}

/// Only the sequence matters for the result's length.
std::size_t repeatedSize(std::size_t size, std::int64_t times) {
    if (times <= 0 || size == 0)
        return 0;
    const auto count = static_cast<std::size_t>(times);
    return count > std::numeric_limits<std::size_t>::max() / size / 2 ? std::numeric_limits<std::size_t>::max() / 2
                                                                      : count * size;
}

Value repeated(Context& context, const Value& sequence, std::int64_t times) {
    if (sequence.isString()) {
        context.charge(repeatedSize(sequence.text().size(), times));
        Text out;
        for (std::int64_t i = 0; i < times && !sequence.text().empty(); ++i)
            out.append(sequence.text());
        return Value::string(std::move(out), sequence.isMarkup());
    }
    context.step(repeatedSize(sequence.items().size(), times));
    Values out;
    for (std::int64_t i = 0; i < times && !sequence.items().empty(); ++i)
        out.insert(out.end(), sequence.items().begin(), sequence.items().end());
    return sequence.isTuple() ? Value::tuple(std::move(out)) : Value::list(std::move(out));
}

bool isSequence(const Value& value) {
    return value.isString() || value.isList() || value.isTuple();
}

Value multiply(Context& context, const Value& a, const Value& b) {
    if (bothIntegral(a, b))
        return checked(a, b, [](auto x, auto y, auto* out) { return __builtin_mul_overflow(x, y, out); });
    if (a.isNumber() && b.isNumber())
        return Value::real(a.asReal() * b.asReal());
    if (isSequence(a) && b.isIntegral())
        return repeated(context, a, b.asInt());
    if (isSequence(b) && a.isIntegral())
        return repeated(context, b, a.asInt());
    if ((isSequence(a) || isSequence(b)) && !a.isUndefined() && !b.isUndefined())
        raise(FaultKind::Type, "can't multiply sequence by non-int of type '{}'", (isSequence(a) ? b : a).typeName());
    wrongTypes("*", a, b);
}

void checkDivisor(const Value& divisor) {
    if (divisor.asReal() == 0)
        raise(FaultKind::Arithmetic, "division by zero");
}

Value divide(const Value& a, const Value& b) {
    if (!a.isNumber() || !b.isNumber())
        wrongTypes("/", a, b);
    checkDivisor(b);
    return Value::real(a.asReal() / b.asReal());
}

Value floorDivide(const Value& a, const Value& b) {
    if (!a.isNumber() || !b.isNumber())
        wrongTypes("//", a, b);
    checkDivisor(b);
    if (!bothIntegral(a, b))
        return Value::real(std::floor(a.asReal() / b.asReal()));
    const std::int64_t x = a.asInt(), y = b.asInt();
    if (y == -1 && x == std::numeric_limits<std::int64_t>::min())
        tooLarge();
    return Value::integer(x / y - (x % y != 0 && (x < 0) != (y < 0) ? 1 : 0));
}

Value integerPower(std::int64_t base, std::int64_t exponent) {
    std::int64_t result = 1;
    // Bases 0, 1 and -1 stay small for ever; all others leave 64 bits after 63 steps.
    const std::int64_t steps = base >= -1 && base <= 1 && exponent > 2 ? 2 + exponent % 2 : exponent;
    for (std::int64_t i = 0; i < steps; ++i)
        if (__builtin_mul_overflow(result, base, &result))
            tooLarge();
    return Value::integer(result);
}

Value power(const Value& a, const Value& b) {
    if (!a.isNumber() || !b.isNumber())
        wrongTypes("** or pow()", a, b);
    if (a.asReal() == 0 && b.asReal() < 0)
        raise(FaultKind::Arithmetic, "zero to a negative power");
    if (bothIntegral(a, b) && b.asInt() >= 0)
        return integerPower(a.asInt(), b.asInt());
    const double result = std::pow(a.asReal(), b.asReal());
    if (std::isnan(result) && !std::isnan(a.asReal()) && !std::isnan(b.asReal()))
        raise(FaultKind::Unsupported, "a complex number");
    if (std::isinf(result) && !std::isinf(a.asReal()) && !std::isinf(b.asReal()))
        raise(FaultKind::Arithmetic, "(34, 'Numerical result out of range')");
    return Value::real(result);
}

Value subtract(const Value& a, const Value& b) {
    if (bothIntegral(a, b))
        return checked(a, b, [](auto x, auto y, auto* out) { return __builtin_sub_overflow(x, y, out); });
    if (!a.isNumber() || !b.isNumber())
        wrongTypes("-", a, b);
    return Value::real(a.asReal() - b.asReal());
}

bool ordered(CompareExpr::Op op, const Value& a, const Value& b) {
    static constexpr std::string_view kSymbols[] = {"==", "!=", "<", "<=", ">", ">="};
    const int order = compare(a, b, kSymbols[static_cast<std::size_t>(op)]);
    if (a.isNumber() && (std::isnan(a.asReal()) || std::isnan(b.asReal())))
        return false;
    switch (op) {
        case CompareExpr::Op::Less:
            return order < 0;
        case CompareExpr::Op::LessEqual:
            return order <= 0;
        case CompareExpr::Op::Greater:
            return order > 0;
        default:
            return order >= 0;
    }
}

}  // namespace

Value add(Context& context, const Value& a, const Value& b) {
    if (bothIntegral(a, b))
        return checked(a, b, [](auto x, auto y, auto* out) { return __builtin_add_overflow(x, y, out); });
    if (a.isNumber() && b.isNumber())
        return Value::real(a.asReal() + b.asReal());
    if (a.isString() && b.isString())
        return joinedStrings(context, a, b);
    if ((a.isList() && b.isList()) || (a.isTuple() && b.isTuple()))
        return joined(context, a.items(), b.items(), a.isTuple());
    if (isSequence(a) && !b.isUndefined())
        raise(FaultKind::Type, "can only concatenate {0} (not \"{1}\") to {0}", a.typeName(), b.typeName());
    wrongTypes("+", a, b);
}

Value modulo(Context& context, const Value& a, const Value& b) {
    if (a.isString())
        return context.make(percentFormat(context, a.text(), b), a.isMarkup());
    if (!a.isNumber() || !b.isNumber())
        wrongTypes("%", a, b);
    checkDivisor(b);
    if (!bothIntegral(a, b)) {
        const double rest = std::fmod(a.asReal(), b.asReal());
        return Value::real(rest != 0 && (rest < 0) != (b.asReal() < 0) ? rest + b.asReal() : rest);
    }
    const std::int64_t y = b.asInt();
    const std::int64_t rest = y == -1 ? 0 : a.asInt() % y;
    return Value::integer(rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest);
}

Value binary(Context& context, Op op, const Value& a, const Value& b) {
    switch (op) {
        case Op::Add:
            return add(context, a, b);
        case Op::Subtract:
            return subtract(a, b);
        case Op::Multiply:
            return multiply(context, a, b);
        case Op::Divide:
            return divide(a, b);
        case Op::FloorDivide:
            return floorDivide(a, b);
        case Op::Modulo:
            return modulo(context, a, b);
        case Op::Power:
            return power(a, b);
        case Op::And:
        case Op::Or:
            break;  // decided before the right side is looked at, by the renderer
    }
    return truth(a) == (op == Op::And) ? b : a;
}

Value unary(UnaryExpr::Op op, const Value& value) {
    if (op == UnaryExpr::Op::Not)
        return Value::boolean(!truth(value));
    if (value.isUndefined())
        raiseUndefined(value);
    const bool negative = op == UnaryExpr::Op::Negative;
    if (!value.isNumber())
        raise(FaultKind::Type, "bad operand type for unary {}: '{}'", negative ? "-" : "+", value.typeName());
    if (!value.isIntegral())
        return Value::real(negative ? -value.asReal() : value.asReal());
    if (negative && value.asInt() == std::numeric_limits<std::int64_t>::min())
        tooLarge();
    return Value::integer(negative ? -value.asInt() : value.asInt());
}

bool related(Context& context, CompareExpr::Op op, const Value& a, const Value& b) {
    switch (op) {
        case CompareExpr::Op::Equal:
            return equals(a, b);
        case CompareExpr::Op::NotEqual:
            return !equals(a, b);
        case CompareExpr::Op::In:
            return contains(context, b, a);
        case CompareExpr::Op::NotIn:
            return !contains(context, b, a);
        default:
            return ordered(op, a, b);
    }
}

std::int64_t asIndex(const Value& value) {
    if (!value.isIntegral())
        raise(FaultKind::Type, "'{}' object cannot be interpreted as an integer", value.typeName());
    return value.asInt();
}

}  // namespace lathe::text::jinja
