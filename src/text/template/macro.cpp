// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/template/macro.h"

#include <algorithm>

#include "text/template/operations.h"
#include "text/template/string_literal.h"

namespace lathe::text::jinja {
namespace {

std::string nameOf(const FunctionBody& function) {
    return function.name.empty() ? "None" : literalOf(function.name);
}

using Named = std::vector<const std::pair<std::string, Value>*>;

/// The value of a keyword argument, which is used up; nullopt where it is not given.
std::optional<Value> take(Named& named, std::string_view name) {
    const auto found = std::ranges::find(named, name, [](const auto* one) { return one->first; });
    if (found == named.end())
        return std::nullopt;
    const Value& value = (*found)->second;
    named.erase(found);
    return value;
}

}  // namespace

void Macro::print(Context&, Text& out, int) const {
    out.append(m_function.name.empty() ? "<Macro anonymous>" : fmt::format("<Macro {}>", literalOf(m_function.name)));
}

std::optional<Value> Macro::attribute(Context&, std::string_view name) {
    if (name == "name")
        return m_function.name.empty() ? Value() : Value::string(m_function.name);
    if (name == "arguments") {
        Values names;
        for (const std::string& parameter : m_function.parameters)
            names.push_back(Value::string(parameter));
        return Value::tuple(std::move(names));
    }
    if (name == "catch_kwargs")
        return Value::boolean(m_function.kwargsSlot.has_value());
    if (name == "catch_varargs")
        return Value::boolean(m_function.varargsSlot.has_value());
    if (name == "caller")
        return Value::boolean(m_function.callerSlot.has_value());
    return std::nullopt;
}

Value Macro::call(Context&, const Arguments& arguments) {
    return m_renderer.callFunction(m_function, m_closure, arguments);
}

void bindArguments(Activation& activation, const FunctionBody& function, const Arguments& arguments) {
    const auto put = [&](int slot, std::optional<Value> value) {
        activation.slots[static_cast<std::size_t>(slot)] = std::move(value);
    };
    Named named;
    for (const auto& one : arguments.named)
        named.push_back(&one);
    const std::size_t given = std::min(arguments.positional.size(), function.parameters.size());
    for (std::size_t i = 0; i < function.parameters.size(); ++i)
        put(function.parameterSlots[i],
            i < given ? std::optional(arguments.positional[i]) : take(named, function.parameters[i]));
    if (function.callerSlot)
        put(*function.callerSlot, take(named, "caller").value_or(Value::undefined("No caller defined")));
    if (function.kwargsSlot) {
        Dict kwargs;
        for (const auto* one : named)
            kwargs.set(Value::string(one->first), one->second);
        put(*function.kwargsSlot, Value::dict(std::move(kwargs)));
    } else if (!named.empty()) {
        if (std::ranges::any_of(named, [](const auto* one) { return one->first == "caller"; }))
            raise(FaultKind::Type,
                  "macro {} was invoked with two values for the special caller argument. This is most likely a bug.",
                  nameOf(function));
        raise(FaultKind::Type, "macro {} takes no keyword argument {}", nameOf(function),
              literalOf(named.front()->first));
    }
    if (function.varargsSlot)
        put(*function.varargsSlot,
            Value::tuple(
                Values(arguments.positional.begin() + static_cast<std::ptrdiff_t>(given), arguments.positional.end())));
    else if (arguments.positional.size() > function.parameters.size())
        raise(FaultKind::Type, "macro {} takes not more than {} argument(s)", nameOf(function),
              function.parameters.size());
}

Values unpacked(Context& context, const Value& value, std::size_t count) {
    const IteratorPtr iterator = iterateIfPossible(context, value);
    if (!iterator)
        raise(FaultKind::Type, "cannot unpack non-iterable {} object", value.typeName());
    Values parts;
    while (parts.size() <= count) {
        auto item = iterator->next(context);
        if (!item)
            break;
        parts.push_back(std::move(*item));
    }
    if (parts.size() > count) {
        const bool counted = value.isList() || value.isTuple() || value.isDict();
        const std::string got = counted ? fmt::format(", got {}", *lengthIfAny(context, value)) : "";
        raise(FaultKind::Value, "too many values to unpack (expected {}{})", count, got);
    }
    if (parts.size() < count)
        raise(FaultKind::Value, "not enough values to unpack (expected {}, got {})", count, parts.size());
    return parts;
}

}  // namespace lathe::text::jinja
