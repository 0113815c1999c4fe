// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Filters to and over numbers. \source Python's int(), float(), round() (semantics).
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "text/template/characters.h"
#include "text/template/filters.h"
#include "text/template/operations.h"
#include "text/template/parameters.h"

namespace lathe::text::jinja {
namespace {

std::string_view withoutSpace(std::string_view text) {
    text.remove_prefix(leadingSpace(text));
    text.remove_suffix(trailingSpace(text));
    return text;
}

/// Digits with single underscores between them lose those; nothing for underscores elsewhere.
std::optional<std::string> withoutUnderscores(std::string_view text) {
    std::string plain;
    const auto isWordChar = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '_')
            plain.push_back(text[i]);
        else if (i == 0 || i + 1 == text.size() || !isWordChar(text[i - 1]) || !isWordChar(text[i + 1]))
            return std::nullopt;
    }
    return plain;
}

/// int(text, base); nothing for what is no integer. \throws Fault (Unsupported) beyond 64 bits
std::optional<std::int64_t> parseInt(std::string_view given, std::int64_t base) {
    auto text = withoutUnderscores(withoutSpace(given));
    if (!text || text->empty())
        return std::nullopt;
    std::string_view digits = *text;
    const bool negative = digits.front() == '-';
    if (negative || digits.front() == '+')
        digits.remove_prefix(1);
    const char marker = digits.size() > 2 && digits[0] == '0' ? static_cast<char>(digits[1] | 0x20) : '\0';
    const int marked = marker == 'x' ? 16 : marker == 'o' ? 8 : marker == 'b' ? 2 : 0;
    if (marked != 0 && (base == marked || base == 0)) {
        base = marked;
        digits.remove_prefix(2);
    } else if (base == 0) {
        if (digits.size() > 1 && digits[0] == '0' && digits.find_first_not_of('0') != std::string_view::npos)
            return std::nullopt;
        base = 10;
    }
    if (base < 2 || base > 36 || digits.empty() || digits.front() == '-' || digits.front() == '+')
        return std::nullopt;
    const std::string signedDigits = (negative ? "-" : "") + std::string(digits);
    std::int64_t value = 0;
    const char* end = signedDigits.data() + signedDigits.size();
    const auto parsed = std::from_chars(signedDigits.data(), end, value, static_cast<int>(base));
    if (parsed.ptr != end)
        return std::nullopt;
    if (parsed.ec == std::errc::result_out_of_range)
        raise(FaultKind::Unsupported, "an integer beyond 64 bits");
    return parsed.ec == std::errc() ? std::optional(value) : std::nullopt;
}

/// float(text)
std::optional<double> parseReal(std::string_view given) {
    const auto text = withoutUnderscores(withoutSpace(given));
    if (!text || text->empty())
        return std::nullopt;
    std::string_view rest = *text;
    const bool negative = rest.front() == '-';
    if (negative || rest.front() == '+')
        rest.remove_prefix(1);
    const std::string lower = lowerCase(rest);
    double value = 0;
    if (lower == "inf" || lower == "infinity") {
        value = std::numeric_limits<double>::infinity();
    } else if (lower == "nan") {
        value = std::numeric_limits<double>::quiet_NaN();
    } else {
        const char first = rest.empty() ? '\0' : rest.front();
        const auto parsed = std::from_chars(rest.data(), rest.data() + rest.size(), value);
        if (!((first >= '0' && first <= '9') || first == '.') || parsed.ptr != rest.data() + rest.size() ||
            parsed.ec == std::errc::invalid_argument)
            return std::nullopt;
        if (parsed.ec == std::errc::result_out_of_range)
            value = lower.find("e-") == std::string::npos ? std::numeric_limits<double>::infinity() : 0.0;
    }
    return negative ? -value : value;
}

std::optional<Value> truncated(double real) {
    if (std::isnan(real) || std::isinf(real))
        return std::nullopt;
    if (!(std::abs(real) < 9.2e18))
        raise(FaultKind::Unsupported, "an integer beyond 64 bits");
    return Value::integer(static_cast<std::int64_t>(real));
}

Value toInt(Context&, const Value& input, const Arguments& arguments) {
    const Parameters given("do_int", arguments, {"default", "base"});
    const Value fallback = given.has(0) ? given[0] : Value::integer(std::int64_t{0});
    if (input.isUndefined())
        raiseUndefined(input);
    if (input.isIntegral())
        return Value::integer(input.asInt());
    if (input.isNumber()) {
        if (std::isinf(input.asReal()))
            raise(FaultKind::Arithmetic, "cannot convert float infinity to integer");
        return truncated(input.asReal()).value_or(fallback);
    }
    if (!input.isString())
        return fallback;
    if (const auto value = parseInt(input.bytes(), given.integer(1, 10)))
        return Value::integer(*value);
    const auto real = parseReal(input.bytes());
    return real ? truncated(*real).value_or(fallback) : fallback;
}

Value toReal(Context&, const Value& input, const Arguments& arguments) {
    const Parameters given("do_float", arguments, {"default"});
    const Value fallback = given.has(0) ? given[0] : Value::real(0);
    if (input.isUndefined())
        raiseUndefined(input);
    if (input.isNumber())
        return Value::real(input.asReal());
    const auto value = input.isString() ? parseReal(input.bytes()) : std::nullopt;
    return value ? Value::real(*value) : fallback;
}

Value absolute(Context&, const Value& input, const Arguments& arguments) {
    const Parameters none("abs", arguments, {});
    if (!input.isNumber())
        raise(FaultKind::Type, "bad operand type for abs(): '{}'", input.typeName());
    const bool negative = input.asReal() < 0;
    return negative ? unary(UnaryExpr::Op::Negative, input) : unary(UnaryExpr::Op::Positive, input);
}

/// To the nearest multiple of 10^digits, ties to the even one.
Value roundedInt(std::int64_t value, std::int64_t digits) {
    if (digits > 18)
        return Value::integer(std::int64_t{0});
    std::int64_t unit = 1;
    for (std::int64_t i = 0; i < digits; ++i)
        unit *= 10;
    const std::int64_t rest = ((value % unit) + unit) % unit, down = value - rest;
    const bool up = rest > unit - rest || (rest == unit - rest && (down / unit) % 2 != 0);
    std::int64_t result = down;
    if (up && __builtin_add_overflow(down, unit, &result))
        raise(FaultKind::Unsupported, "an integer beyond 64 bits");
    return Value::integer(result);
}

/// As the decimal digits of the exact value are rounded.
double roundedReal(double value, std::int64_t digits) {
    if (std::isnan(value) || std::isinf(value) || digits > 323)
        return value;
    if (digits < 0) {
        const double unit = std::pow(10.0, static_cast<double>(-digits));
        return std::isinf(unit) ? 0.0 : std::nearbyint(value / unit) * unit;
    }
    const std::string text = fmt::format("{:.{}f}", value, digits);
    double result = value;
    std::from_chars(text.data(), text.data() + text.size(), result);
    return result;
}

Value round(Context&, const Value& input, const Arguments& arguments) {
    const Parameters given("do_round", arguments, {"precision", "method"});
    const std::string method = given.has(1) && given[1].isString() ? given[1].bytes() : given.has(1) ? "" : "common";
    if (method != "common" && method != "ceil" && method != "floor")
        raise(FaultKind::Template, "method must be common, ceil or floor");
    const std::int64_t digits = given.integer(0, 0);
    if (!input.isNumber())
        raise(FaultKind::Type, "type {} doesn't define __round__ method", input.typeName());
    if (method == "common") {
        if (input.isIntegral())
            return digits >= 0 ? Value::integer(input.asInt()) : roundedInt(input.asInt(), -digits);
        return Value::real(roundedReal(input.asReal(), digits));
    }
    const double unit = std::pow(10.0, static_cast<double>(digits)), scaled = input.asReal() * unit;
    if (std::isnan(scaled) || std::isinf(scaled))
        raise(FaultKind::Arithmetic, "cannot convert float infinity to integer");
    return Value::real((method == "ceil" ? std::ceil(scaled) : std::floor(scaled)) / unit);
}

constexpr std::array kFilters = {
    Filter{"abs", absolute},
    Filter{"float", toReal},
    Filter{"int", toInt},
    Filter{"round", round},
};

}  // namespace

std::span<const Filter> numberFilters() {
    return kFilters;
}

}  // namespace lathe::text::jinja
