// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Methods of list, tuple, dict and the numbers, and how a method is bound to its value.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdlib>

#include "text/template/methods.h"
#include "text/template/objects.h"
#include "text/template/operations.h"
#include "text/template/parameters.h"

namespace lathe::text::jinja {
namespace {

Value countItem(Context& context, const Value& self, const Arguments& arguments) {
    const Parameters given("count", arguments, {"value"}, 1);
    context.step(self.items().size());
    return Value::integer(static_cast<std::size_t>(
        std::ranges::count_if(self.items(), [&](auto& item) { return equals(item, given[0]); })));
}

Value indexOfItem(Context& context, const Value& self, const Arguments& arguments) {
    const Parameters given("index", arguments, {"value", "start", "stop"}, 1);
    const auto size = static_cast<std::int64_t>(self.items().size());
    const auto bound = [&](std::size_t index, std::int64_t fallback) {
        const std::int64_t at = given.integer(index, fallback);
        return std::clamp<std::int64_t>(at < 0 ? std::max<std::int64_t>(at, -size) + size : at, 0, size);
    };
    context.step(self.items().size());
    for (std::int64_t i = bound(1, 0); i < bound(2, size); ++i)
        if (equals(self.items()[static_cast<std::size_t>(i)], given[0]))
            return Value::integer(i);
    raise(FaultKind::Value, "{0}.index(x): x not in {0}", self.typeName());
}

Value copy(Context&, const Value& self, const Arguments& arguments) {
    const Parameters none("copy", arguments, {});
    return self.isList() ? Value::list(self.items()) : Value::dict(self.dict());
}

template <DictView::Kind kind>
Value view(Context&, const Value& self, const Arguments& arguments) {
    const Parameters none("items", arguments, {});
    return Value::object(std::make_shared<DictView>(self, kind));
}

Value get(Context&, const Value& self, const Arguments& arguments) {
    const Parameters given("get", arguments, {"key", "default"}, 1);
    if (const Value* found = self.dict().find(given[0]))
        return *found;
    return given.has(1) ? given[1] : Value();
}

Value fromKeys(Context& context, const Value&, const Arguments& arguments) {
    const Parameters given("fromkeys", arguments, {"iterable", "value"}, 1);
    Dict dict;
    for (Value& key : listOf(context, given[0]))
        dict.set(std::move(key), given.has(1) ? given[1] : Value());
    return Value::dict(std::move(dict));
}

Value isInteger(Context&, const Value& self, const Arguments&) {
    return Value::boolean(self.isIntegral() || std::floor(self.asReal()) == self.asReal());
}

Value bitLength(Context&, const Value& self, const Arguments&) {
    const auto size = static_cast<std::uint64_t>(std::abs(self.asInt()));
    return Value::integer(static_cast<std::int64_t>(std::bit_width(size)));
}

Value conjugate(Context&, const Value& self, const Arguments&) {
    return self;
}

constexpr std::array kListMethods = {Method{"count", countItem}, Method{"index", indexOfItem}, Method{"copy", copy}};
constexpr std::array kTupleMethods = {Method{"count", countItem}, Method{"index", indexOfItem}};
constexpr std::array kDictMethods = {Method{"get", get},
                                     Method{"items", view<DictView::Kind::Pairs>},
                                     Method{"keys", view<DictView::Kind::OnlyKeys>},
                                     Method{"values", view<DictView::Kind::OnlyValues>},
                                     Method{"copy", copy},
                                     Method{"fromkeys", fromKeys}};
constexpr std::array kIntMethods = {Method{"is_integer", isInteger}, Method{"bit_length", bitLength},
                                    Method{"conjugate", conjugate}};
constexpr std::array kRealMethods = {Method{"is_integer", isInteger}, Method{"conjugate", conjugate}};

class BoundMethod final : public Object {
public:
    BoundMethod(Value self, const Method& method) : m_self(std::move(self)), m_method(method) {}
    std::string typeName() const override { return "builtin_function_or_method"; }
    bool isCallable() const override { return true; }
    Value call(Context& context, const Arguments& arguments) override {
        context.step();
        return m_method.call(context, m_self, arguments);
    }
    int nesting() const override { return m_self.nesting() + 1; }

private:
    Value m_self;
    const Method& m_method;
};

std::optional<Value> numberAttribute(const Value& self, std::string_view name) {
    if (name == "real")
        return self.isBool() ? Value::integer(self.asInt()) : self;
    if (name == "imag")
        return self.isIntegral() ? Value::integer(std::int64_t{0}) : Value::real(0);
    if (self.isIntegral() && name == "numerator")
        return Value::integer(self.asInt());
    if (self.isIntegral() && name == "denominator")
        return Value::integer(std::int64_t{1});
    return std::nullopt;
}

}  // namespace

std::span<const Method> containerMethods(const Value& self) {
    switch (self.kind()) {
        case Value::Kind::List:
            return kListMethods;
        case Value::Kind::Tuple:
            return kTupleMethods;
        case Value::Kind::Dict:
            return kDictMethods;
        case Value::Kind::Bool:
        case Value::Kind::Int:
            return kIntMethods;
        case Value::Kind::Float:
            return kRealMethods;
        default:
            return {};
    }
}

std::optional<Value> methodOf(const Value& self, std::string_view name) {
    const auto methods = self.isString() ? stringMethods() : containerMethods(self);
    if (const auto found = std::ranges::find(methods, name, &Method::name); found != methods.end())
        return Value::object(std::make_shared<BoundMethod>(self, *found));
    return self.isNumber() ? numberAttribute(self, name) : std::nullopt;
}

bool isForbiddenMethod(const Value& self, std::string_view name) {
    static constexpr std::array<std::string_view, 8> kList = {"append", "clear", "pop",    "reverse",
                                                              "insert", "sort",  "extend", "remove"};
    static constexpr std::array<std::string_view, 5> kDict = {"clear", "pop", "popitem", "setdefault", "update"};
    return (self.isList() && std::ranges::find(kList, name) != kList.end()) ||
           (self.isDict() && std::ranges::find(kDict, name) != kDict.end());
}

}  // namespace lathe::text::jinja
