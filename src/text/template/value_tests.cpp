// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What stands behind `is`. \source Jinja 3.1, "List of Builtin Tests" (semantics).
#include <algorithm>
#include <array>

#include "text/template/characters.h"
#include "text/template/filters.h"
#include "text/template/operations.h"
#include "text/template/parameters.h"
#include "text/template/python_text.h"

namespace lathe::text::jinja {
namespace {

using Op = CompareExpr::Op;

template <bool (*check)(Context&, const Value&)>
bool plain(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters none("test", arguments, {});
    return check(context, input);
}

template <Op op>
bool compares(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters given("test", arguments, {"other"}, 1);
    return related(context, op, input, given[0]);
}

bool isDefined(Context&, const Value& value) {
    return !value.isUndefined();
}
bool isUndefined(Context&, const Value& value) {
    return value.isUndefined();
}
bool isNone(Context&, const Value& value) {
    return value.isNone();
}
bool isBoolean(Context&, const Value& value) {
    return value.isBool();
}
bool isTrue(Context&, const Value& value) {
    return value.isBool() && value.asBool();
}
bool isFalse(Context&, const Value& value) {
    return value.isBool() && !value.asBool();
}
bool isInteger(Context&, const Value& value) {
    return value.kind() == Value::Kind::Int;
}
bool isFloat(Context&, const Value& value) {
    return value.kind() == Value::Kind::Float;
}
bool isNumber(Context&, const Value& value) {
    return value.isNumber();
}
bool isString(Context&, const Value& value) {
    return value.isString();
}
bool isMapping(Context&, const Value& value) {
    return value.isDict();
}
bool isEscaped(Context&, const Value& value) {
    return value.isMarkup();
}
bool isLowerCase(Context& context, const Value& value) {
    return isLower(stringOf(context, value).bytes());
}
bool isUpperCase(Context& context, const Value& value) {
    return isUpper(stringOf(context, value).bytes());
}
bool isCallableValue(Context&, const Value& value) {
    return isCallable(value);
}
/// Has len() and x[...].
bool isSequence(Context& context, const Value& value) {
    if (value.isObject())
        return value.object().hasItems();
    return lengthIfAny(context, value).has_value();
}
bool isIterable(Context& context, const Value& value) {
    return iterateIfPossible(context, value) != nullptr;
}
bool isEven(Context& context, const Value& value) {
    return equals(modulo(context, value, Value::integer(std::int64_t{2})), Value::integer(std::int64_t{0}));
}
bool isOdd(Context& context, const Value& value) {
    return equals(modulo(context, value, Value::integer(std::int64_t{2})), Value::integer(std::int64_t{1}));
}
bool isFilterName(Context&, const Value& value) {
    return value.isString() && (findFilter(value.bytes()) || isRefusedFilter(value.bytes()));
}
bool isTestName(Context&, const Value& value) {
    return value.isString() && findTest(value.bytes());
}

bool isDivisible(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters given("test_divisibleby", arguments, {"num"}, 1);
    return equals(modulo(context, input, given[0]), Value::integer(std::int64_t{0}));
}

bool isSame(Context&, const Value& input, const Arguments& arguments) {
    const Parameters given("test_sameas", arguments, {"other"}, 1);
    return input.isSameAs(given[0]);
}

bool isIn(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters given("test_in", arguments, {"seq"}, 1);
    return contains(context, given[0], input);
}

constexpr std::array kTests = {
    Test{"!=", compares<Op::NotEqual>},
    Test{"<", compares<Op::Less>},
    Test{"<=", compares<Op::LessEqual>},
    Test{"==", compares<Op::Equal>},
    Test{">", compares<Op::Greater>},
    Test{">=", compares<Op::GreaterEqual>},
    Test{"boolean", plain<isBoolean>},
    Test{"callable", plain<isCallableValue>},
    Test{"defined", plain<isDefined>},
    Test{"divisibleby", isDivisible},
    Test{"eq", compares<Op::Equal>},
    Test{"equalto", compares<Op::Equal>},
    Test{"escaped", plain<isEscaped>},
    Test{"even", plain<isEven>},
    Test{"false", plain<isFalse>},
    Test{"filter", plain<isFilterName>},
    Test{"float", plain<isFloat>},
    Test{"ge", compares<Op::GreaterEqual>},
    Test{"greaterthan", compares<Op::Greater>},
    Test{"gt", compares<Op::Greater>},
    Test{"in", isIn},
    Test{"integer", plain<isInteger>},
    Test{"iterable", plain<isIterable>},
    Test{"le", compares<Op::LessEqual>},
    Test{"lessthan", compares<Op::Less>},
    Test{"lower", plain<isLowerCase>},
    Test{"lt", compares<Op::Less>},
    Test{"mapping", plain<isMapping>},
    Test{"ne", compares<Op::NotEqual>},
    Test{"none", plain<isNone>},
    Test{"number", plain<isNumber>},
    Test{"odd", plain<isOdd>},
    Test{"sameas", isSame},
    Test{"sequence", plain<isSequence>},
    Test{"string", plain<isString>},
    Test{"test", plain<isTestName>},
    Test{"true", plain<isTrue>},
    Test{"undefined", plain<isUndefined>},
    Test{"upper", plain<isUpperCase>},
};

}  // namespace

const Test* findTest(std::string_view name) {
    const auto found = std::ranges::find(kTests, name, &Test::name);
    return found == kTests.end() ? nullptr : &*found;
}

}  // namespace lathe::text::jinja
