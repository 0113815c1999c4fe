// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/template/objects.h"

#include <algorithm>

#include "text/template/operations.h"
#include "text/template/python_text.h"

namespace lathe::text::jinja {
namespace {

constexpr std::int64_t kMaxRange = 100000;  // as Jinja's sandbox has it

Value pair(const Dict::Entry& entry) {
    return Value::tuple({entry.key, entry.value});
}

}  // namespace

Range::Range(std::int64_t start, std::int64_t stop, std::int64_t step) : m_start(start), m_stop(stop), m_step(step) {
    if (step == 0)
        raise(FaultKind::Value, "range() arg 3 must not be zero");
    // Unsigned: the distance of two int64 always fits, and so does the size of any step.
    const bool forward = step > 0 ? stop > start : stop < start;
    const auto low = static_cast<std::uint64_t>(std::min(start, stop)),
               high = static_cast<std::uint64_t>(std::max(start, stop));
    const auto stride = step > 0 ? static_cast<std::uint64_t>(step) : 0 - static_cast<std::uint64_t>(step);
    const std::uint64_t count = forward ? (high - low - 1) / stride + 1 : 0;
    if (count > static_cast<std::uint64_t>(kMaxRange))
        raise(FaultKind::Value, "Range too big. The sandbox blocks ranges larger than MAX_RANGE ({}).", kMaxRange);
    m_count = static_cast<std::int64_t>(count);
}

void Range::print(Context&, Text& out, int) const {
    out.append(m_step == 1 ? fmt::format("range({}, {})", m_start, m_stop)
                           : fmt::format("range({}, {}, {})", m_start, m_stop, m_step));
}

IteratorPtr Range::iterate(Context&) {
    return std::make_shared<PullIterator>(
        [range = *this, i = std::int64_t{0}](Context&) mutable -> std::optional<Value> {
            return i < range.m_count ? std::optional(Value::integer(range.at(i++))) : std::nullopt;
        });
}

IteratorPtr Range::iterateBackwards(Context&) {
    return std::make_shared<PullIterator>([range = *this, i = m_count](Context&) mutable -> std::optional<Value> {
        return i > 0 ? std::optional(Value::integer(range.at(--i))) : std::nullopt;
    });
}

std::optional<Value> Range::item(Context&, const Value& key) {
    if (!key.isIntegral())
        return std::nullopt;
    const std::int64_t index = key.asInt() < 0 ? key.asInt() + m_count : key.asInt();
    return index >= 0 && index < m_count ? std::optional(Value::integer(at(index))) : std::nullopt;
}

std::optional<Value> Range::slice(Context&, const Value& start, const Value& stop, const Value& step) {
    const SliceBounds bounds = boundsOf(start, stop, step, m_count);
    const std::int64_t first = at(bounds.start);
    const std::int64_t stride = bounds.count > 1 ? m_step * bounds.step : m_step * (bounds.step < 0 ? -1 : 1);
    return Value::object(std::make_shared<Range>(first, first + bounds.count * stride, stride));
}

std::optional<bool> Range::contains(Context&, const Value& item) {
    if (!item.isIntegral())
        return std::nullopt;
    const std::int64_t value = item.asInt();
    if (m_count == 0 || value < std::min(m_start, at(m_count - 1)) || value > std::max(m_start, at(m_count - 1)))
        return false;
    return m_step == -1 || (value - m_start) % m_step == 0;
}

bool Range::equals(const Object& other) const {
    const auto* range = dynamic_cast<const Range*>(&other);
    return range && range->m_count == m_count &&
           (m_count == 0 || (range->m_start == m_start && (m_count == 1 || range->m_step == m_step)));
}

std::string DictView::typeName() const {
    return m_kind == Kind::OnlyKeys ? "dict_keys" : m_kind == Kind::OnlyValues ? "dict_values" : "dict_items";
}

Values DictView::all() const {
    Values items;
    for (const auto& entry : m_dict.dict().entries())
        items.push_back(m_kind == Kind::OnlyKeys ? entry.key : m_kind == Kind::OnlyValues ? entry.value : pair(entry));
    return items;
}

void DictView::print(Context& context, Text& out, int depth) const {
    out.append(typeName() + "(");
    printRepr(context, out, Value::list(all()), depth);
    out.append(")");
}

bool DictView::truth() const {
    return m_dict.dict().size() > 0;
}

std::optional<std::int64_t> DictView::length(Context&) {
    return static_cast<std::int64_t>(m_dict.dict().size());
}

IteratorPtr DictView::iterate(Context& context) {
    context.step(m_dict.dict().size());
    return iteratorOver(all());
}

IteratorPtr DictView::iterateBackwards(Context& context) {
    context.step(m_dict.dict().size());
    Values items = all();
    std::ranges::reverse(items);
    return iteratorOver(std::move(items));
}

std::optional<bool> DictView::contains(Context&, const Value& item) {
    if (m_kind == Kind::OnlyKeys)
        return m_dict.dict().find(item) != nullptr;
    return std::nullopt;
}

bool DictView::equals(const Object& other) const {
    const auto* view = dynamic_cast<const DictView*>(&other);
    if (this == &other || !view || view->m_kind != m_kind || m_kind == Kind::OnlyValues)
        return this == &other;
    if (m_kind == Kind::Pairs)
        return jinja::equals(m_dict, view->m_dict);
    return m_dict.dict().size() == view->m_dict.dict().size() &&
           std::ranges::all_of(m_dict.dict().entries(),
                               [&](const auto& entry) { return view->m_dict.dict().find(entry.key) != nullptr; });
}

std::optional<Value> PullIterator::next(Context& context) {
    const Context::Nested nested(context);
    context.step();
    return m_pull(context);
}

Value generator(PullIterator::Pull pull, int nesting) {
    return Value::object(std::make_shared<Generator>(std::make_shared<PullIterator>(std::move(pull)), nesting));
}

void Namespace::print(Context& context, Text& out, int depth) const {
    out.append("<Namespace ");
    printRepr(context, out, Value::dict(m_attributes), depth);
    out.append(">");
}

std::optional<Value> Namespace::attribute(Context&, std::string_view name) {
    const Value* found = m_attributes.find(name);
    return found ? std::optional(*found) : std::nullopt;
}

Value nativeFunction(std::string name, NativeFunction::Call function, int nesting) {
    return Value::object(std::make_shared<NativeFunction>(std::move(name), std::move(function), nesting));
}

Cycler::Cycler(Values items) : m_items(Value::tuple(std::move(items))) {
    if (m_items.items().empty())
        raise(FaultKind::Value, "at least one item has to be provided");
}

std::optional<Value> Cycler::attribute(Context&, std::string_view name) {
    if (name == "current")
        return m_items.items()[m_state->at];
    if (name == "items")
        return m_items;
    if (name == "pos")
        return Value::integer(m_state->at);
    if (name == "next")
        return nativeFunction(
            "next",
            [items = m_items, state = m_state](Context&, const Arguments&) {
                const Value current = items.items()[state->at];
                state->at = (state->at + 1) % items.items().size();
                return current;
            },
            m_items.nesting());
    if (name == "reset")
        return nativeFunction("reset", [state = m_state](Context&, const Arguments&) {
            state->at = 0;
            return Value();
        });
    return std::nullopt;
}

std::optional<Value> Joiner::attribute(Context&, std::string_view name) {
    if (name == "sep")
        return m_separator;
    return name == "used" ? std::optional(Value::boolean(m_used)) : std::nullopt;
}

Value Joiner::call(Context&, const Arguments&) {
    if (std::exchange(m_used, true))
        return m_separator;
    return Value::string("");
}

}  // namespace lathe::text::jinja
