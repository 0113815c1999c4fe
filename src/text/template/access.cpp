// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Looking into values: len(), iteration, x in y, x[key], x[a:b], x.name, calls.
#include <algorithm>
#include <limits>

#include "core/utf8.h"
#include "text/template/characters.h"
#include "text/template/methods.h"
#include "text/template/objects.h"
#include "text/template/operations.h"
#include "text/template/python_text.h"
#include "text/template/string_literal.h"

namespace lathe::text::jinja {
namespace {

class ValuesIterator final : public Iterator {
public:
    explicit ValuesIterator(Values items) : m_items(std::move(items)) {}
    std::optional<Value> next(Context& context) override {
        context.step();
        return m_at < m_items.size() ? std::optional(m_items[m_at++]) : std::nullopt;
    }

private:
    Values m_items;
    std::size_t m_at = 0;
};

/// Over a list, a tuple or a dict's keys, which it holds.
class SharedIterator final : public Iterator {
public:
    explicit SharedIterator(Value value) : m_value(std::move(value)) {}
    std::optional<Value> next(Context& context) override {
        context.step();
        const std::size_t at = m_at++;
        if (m_value.isDict())
            return at < m_value.dict().size() ? std::optional(m_value.dict().entries()[at].key) : std::nullopt;
        return at < m_value.items().size() ? std::optional(m_value.items()[at]) : std::nullopt;
    }

private:
    Value m_value;
    std::size_t m_at = 0;
};

class CharacterIterator final : public Iterator {
public:
    explicit CharacterIterator(Value value) : m_value(std::move(value)) {}
    std::optional<Value> next(Context& context) override {
        context.step();
        if (m_at >= m_value.text().size())
            return std::nullopt;
        const std::size_t begin = m_at;
        nextCodePoint(m_value.bytes(), m_at);
        return Value::string(m_value.text().sub(begin, m_at));
    }

private:
    Value m_value;
    std::size_t m_at = 0;
};

Value missing(Context& context, const Value& object, const Value& name) {
    if (name.isString())
        return Value::undefined(
            fmt::format("{} has no attribute {}", literalOf(object.typeTitle()), literalOf(name.bytes())));
    return Value::undefined(fmt::format("{} has no element {}", object.typeTitle(), reprOf(context, name)));
}

/// x[key] where Python has it; nullopt for its TypeError and LookupError.
std::optional<Value> plainItem(Context& context, const Value& object, const Value& key) {
    if (object.isUndefined())
        raiseUndefined(object);
    if (object.isDict()) {
        if (key.isList() || key.isDict())
            return std::nullopt;
        const Value* found = object.dict().find(key);
        return found ? std::optional(*found) : std::nullopt;
    }
    if (object.isObject())
        return object.object().item(context, key);
    if (!key.isIntegral() || (!object.isString() && !object.isList() && !object.isTuple()))
        return std::nullopt;
    const std::int64_t size = length(context, object);
    const std::int64_t at = key.asInt() < 0 ? key.asInt() + size : key.asInt();
    if (at < 0 || at >= size)
        return std::nullopt;
    const auto index = static_cast<std::size_t>(at);
    if (!object.isString())
        return object.items()[index];
    std::size_t end = byteOfCodePoint(object.bytes(), index);
    const std::size_t begin = end;
    nextCodePoint(object.bytes(), end);
    return Value::string(object.text().sub(begin, end), object.isMarkup());
}

bool containsItem(const Values& items, const Value& item) {
    return std::ranges::any_of(items, [&](const Value& one) { return one.isSameAs(item) || equals(one, item); });
}

std::int64_t clamped(const Value& index, std::int64_t length, std::int64_t fallback, bool backwards) {
    if (index.isNone())
        return fallback;
    if (!index.isIntegral())
        raise(FaultKind::Type, "slice indices must be integers or None or have an __index__ method");
    std::int64_t at = index.asInt();
    if (at < 0)
        at = at < -length ? -1 : at + length;
    else
        return std::min(at, backwards ? length - 1 : length);
    return std::max<std::int64_t>(at, backwards ? -1 : 0);
}

Value slicedString(Context& context, const Value& string, const SliceBounds& bounds) {
    const std::string& bytes = string.bytes();
    const bool ascii = isAscii(bytes);
    if (bounds.step == 1) {
        const auto from = static_cast<std::size_t>(bounds.start),
                   to = static_cast<std::size_t>(bounds.start + bounds.count);
        const std::size_t begin = ascii ? from : byteOfCodePoint(bytes, from);
        const std::size_t end = ascii ? to : byteOfCodePoint(bytes, to);
        return context.make(string.text().sub(begin, end), string.isMarkup());
    }
    std::vector<std::size_t> starts;
    context.step(bytes.size());
    for (std::size_t pos = 0; pos < bytes.size(); nextCodePoint(bytes, pos))
        starts.push_back(pos);
    starts.push_back(bytes.size());
    Text out;
    for (std::int64_t i = 0; i < bounds.count; ++i) {
        const auto index = static_cast<std::size_t>(bounds.start + i * bounds.step);
        out.append(string.text().sub(starts[index], starts[index + 1]));
    }
    return context.make(std::move(out), string.isMarkup());
}

}  // namespace

std::optional<std::int64_t> lengthIfAny(Context& context, const Value& value) {
    switch (value.kind()) {
        case Value::Kind::String:
            context.step(1 + value.text().size() / 64);
            return static_cast<std::int64_t>(countCodePoints(value.bytes()));
        case Value::Kind::List:
        case Value::Kind::Tuple:
            return static_cast<std::int64_t>(value.items().size());
        case Value::Kind::Dict:
            return static_cast<std::int64_t>(value.dict().size());
        case Value::Kind::Undefined:
            return 0;
        case Value::Kind::Object:
            return value.object().length(context);
        default:
            return std::nullopt;
    }
}

std::int64_t length(Context& context, const Value& value) {
    const auto length = lengthIfAny(context, value);
    if (!length)
        raise(FaultKind::Type, "object of type '{}' has no len()", value.typeName());
    return *length;
}

IteratorPtr iterateIfPossible(Context& context, const Value& value) {
    switch (value.kind()) {
        case Value::Kind::String:
            return std::make_shared<CharacterIterator>(value);
        case Value::Kind::List:
        case Value::Kind::Tuple:
        case Value::Kind::Dict:
            return std::make_shared<SharedIterator>(value);
        case Value::Kind::Undefined:
            return iteratorOver({});
        case Value::Kind::Object:
            return value.object().iterate(context);
        default:
            return nullptr;
    }
}

IteratorPtr iterate(Context& context, const Value& value) {
    IteratorPtr iterator = iterateIfPossible(context, value);
    if (!iterator)
        raise(FaultKind::Type, "'{}' object is not iterable", value.typeName());
    return iterator;
}

IteratorPtr iterateBackwards(Context& context, const Value& value) {
    if (value.isObject())
        return value.object().iterateBackwards(context);
    if (IteratorPtr iterator = iterateIfPossible(context, value)) {
        Values items = listOf(context, value);
        std::ranges::reverse(items);
        return iteratorOver(std::move(items));
    }
    return nullptr;
}

Values listOf(Context& context, const Value& value) {
    Values items;
    const IteratorPtr iterator = iterate(context, value);
    while (auto item = iterator->next(context))
        items.push_back(std::move(*item));
    return items;
}

IteratorPtr iteratorOver(Values items) {
    return std::make_shared<ValuesIterator>(std::move(items));
}

bool contains(Context& context, const Value& container, const Value& item) {
    switch (container.kind()) {
        case Value::Kind::String:
            if (!item.isString())
                raise(FaultKind::Type, "'in <string>' requires string as left operand, not {}", item.typeName());
            context.step(1 + container.text().size() / 64);
            return container.bytes().find(item.bytes()) != std::string::npos;
        case Value::Kind::List:
        case Value::Kind::Tuple:
            context.step(container.items().size());
            return containsItem(container.items(), item);
        case Value::Kind::Dict:
            return container.dict().find(item) != nullptr;
        default:
            break;
    }
    if (container.isObject())
        if (const auto answer = container.object().contains(context, item))
            return *answer;
    const IteratorPtr iterator = iterateIfPossible(context, container);
    if (!iterator)
        raise(FaultKind::Type, "argument of type '{}' is not a container or iterable", container.typeName());
    while (const auto one = iterator->next(context))
        if (one->isSameAs(item) || equals(*one, item))
            return true;
    return false;
}

std::optional<Value> attributeIfAny(Context& context, const Value& object, std::string_view name) {
    const bool internal = name.size() > 4 && name.starts_with("__") && name.ends_with("__");
    if (object.isUndefined())
        raiseUndefined(object);
    if (internal || isForbiddenMethod(object, name))
        return Value::undefined(
            fmt::format("access to attribute {} of '{}' object is unsafe.", literalOf(name), object.typeName()),
            FaultKind::Security);
    if (object.isObject())
        return object.object().attribute(context, name);
    return methodOf(object, name);
}

Value attributeOf(Context& context, const Value& object, const std::string& name) {
    if (auto attribute = attributeIfAny(context, object, name))
        return std::move(*attribute);
    const Value key = Value::string(name);
    if (auto item = plainItem(context, object, key))
        return std::move(*item);
    return missing(context, object, key);
}

Value itemOf(Context& context, const Value& object, const Value& key) {
    if (auto item = plainItem(context, object, key))
        return std::move(*item);
    if (key.isString())
        if (auto attribute = attributeIfAny(context, object, key.bytes()))
            return std::move(*attribute);
    return missing(context, object, key);
}

SliceBounds boundsOf(const Value& start, const Value& stop, const Value& step, std::int64_t length) {
    SliceBounds bounds;
    if (!step.isNone()) {
        if (!step.isIntegral())
            raise(FaultKind::Type, "slice indices must be integers or None or have an __index__ method");
        bounds.step = std::clamp(step.asInt(), -std::numeric_limits<std::int64_t>::max(),
                                 std::numeric_limits<std::int64_t>::max());
    }
    if (bounds.step == 0)
        raise(FaultKind::Value, "slice step cannot be zero");
    const bool backwards = bounds.step < 0;
    bounds.start = clamped(start, length, backwards ? length - 1 : 0, backwards);
    const std::int64_t end = clamped(stop, length, backwards ? -1 : length, backwards);
    const std::int64_t distance = backwards ? bounds.start - end : end - bounds.start;
    const std::int64_t stride = backwards ? -bounds.step : bounds.step;
    bounds.count = distance > 0 ? (distance - 1) / stride + 1 : 0;
    return bounds;
}

Value sliceOf(Context& context, const Value& object, const Value& start, const Value& stop, const Value& step) {
    if (object.isUndefined())
        raiseUndefined(object);
    if (object.isString()) {
        const SliceBounds bounds = boundsOf(start, stop, step, length(context, object));
        return slicedString(context, object, bounds);
    }
    if (object.isList() || object.isTuple()) {
        const auto bounds = boundsOf(start, stop, step, static_cast<std::int64_t>(object.items().size()));
        Values items;
        context.step(static_cast<std::size_t>(bounds.count));
        for (std::int64_t i = 0; i < bounds.count; ++i)
            items.push_back(object.items()[static_cast<std::size_t>(bounds.start + i * bounds.step)]);
        return object.isTuple() ? Value::tuple(std::move(items)) : Value::list(std::move(items));
    }
    if (object.isDict())
        raise(FaultKind::Lookup, "slice({}, {}, {})", reprOf(context, start), reprOf(context, stop),
              reprOf(context, step));
    if (object.isObject())
        if (auto slice = object.object().slice(context, start, stop, step))
            return std::move(*slice);
    raise(FaultKind::Type, "'{}' object is not subscriptable", object.typeName());
}

bool isCallable(const Value& value) {
    return value.isUndefined() || (value.isObject() && value.object().isCallable());
}

Value call(Context& context, const Value& callee, const Arguments& arguments) {
    if (callee.isUndefined())
        raiseUndefined(callee);
    if (!callee.isObject())
        raise(FaultKind::Type, "'{}' object is not callable", callee.typeName());
    const Context::Nested nested(context);
    return callee.object().call(context, arguments);
}

}  // namespace lathe::text::jinja
