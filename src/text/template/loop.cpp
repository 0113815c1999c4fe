// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/template/loop.h"

#include <algorithm>

#include "text/template/objects.h"
#include "text/template/operations.h"

namespace lathe::text::jinja {

std::optional<Value> Loop::advance(Context& context) {
    std::optional<Value> item = m_after ? std::exchange(m_after, std::nullopt) : m_iterator->next(context);
    if (!item)
        return item;
    ++m_index0;
    m_before = std::move(m_current);
    m_current = item;
    return item;
}

const std::optional<Value>& Loop::peek(Context& context) {
    if (!m_after)
        m_after = m_iterator->next(context);
    return m_after;
}

std::optional<std::int64_t> Loop::length(Context& context) {
    if (!m_length && m_countable)
        m_length = lengthIfAny(context, m_iterable);
    if (m_length)
        return m_length;
    Values rest;
    while (auto item = m_iterator->next(context))
        rest.push_back(std::move(*item));
    m_length = static_cast<std::int64_t>(rest.size()) + m_index0 + 1 + (m_after ? 1 : 0);
    m_iterator = iteratorOver(std::move(rest));
    return m_length;
}

void Loop::print(Context& context, Text& out, int) const {
    const auto known = m_length ? m_length : m_countable ? lengthIfAny(context, m_iterable) : std::nullopt;
    out.append(fmt::format("<LoopContext {}/{}>", m_index0 + 1, known ? std::to_string(*known) : "?"));
}

std::optional<Value> Loop::attribute(Context& context, std::string_view name) {
    if (name == "index")
        return Value::integer(m_index0 + 1);
    if (name == "index0")
        return Value::integer(m_index0);
    if (name == "first")
        return Value::boolean(m_index0 == 0);
    if (name == "last")
        return Value::boolean(!peek(context));
    if (name == "length")
        return Value::integer(length(context).value());
    if (name == "revindex")
        return Value::integer(length(context).value() - m_index0);
    if (name == "revindex0")
        return Value::integer(length(context).value() - m_index0 - 1);
    if (name == "depth")
        return Value::integer(std::int64_t{1});
    if (name == "depth0")
        return Value::integer(std::int64_t{0});
    if (name == "previtem")
        return m_index0 == 0 || !m_before ? Value::undefined("there is no previous item") : *m_before;
    if (name == "nextitem")
        return peek(context).value_or(Value::undefined("there is no next item"));
    // Held weakly: a loop's method that is kept must not keep the loop that may hold it.
    const auto method = [&](const char* title, auto action) {
        return nativeFunction(title, [weak = weak_from_this(), action](Context& inner, const Arguments& arguments) {
            const auto loop = weak.lock();
            return loop ? action(*loop, inner, arguments) : Value();
        });
    };
    if (name == "cycle")
        return method("cycle", [](Loop& loop, Context&, const Arguments& given) { return loop.cycle(given); });
    if (name == "changed")
        return method("changed",
                      [](Loop& loop, Context& inner, const Arguments& given) { return loop.changed(inner, given); });
    return std::nullopt;
}

Value Loop::call(Context&, const Arguments&) {
    raise(FaultKind::Type, "The loop must have the 'recursive' marker to be called recursively.");
}

Value Loop::cycle(const Arguments& arguments) const {
    if (arguments.positional.empty())
        raise(FaultKind::Type, "no items for cycling given");
    return arguments.positional[static_cast<std::size_t>(m_index0) % arguments.positional.size()];
}

Value Loop::changed(Context& context, const Arguments& arguments) {
    if (m_lastChanged && std::ranges::equal(*m_lastChanged, arguments.positional,
                                            [](const Value& a, const Value& b) { return jinja::equals(a, b); }))
        return Value::boolean(false);
    m_lastChanged = arguments.positional;
    if (!std::exchange(m_kept, true))
        context.keep(shared_from_this());
    return Value::boolean(true);
}

}  // namespace lathe::text::jinja
