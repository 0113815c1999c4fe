// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Filters over lists and dicts. \source Jinja 3.1, "List of Builtin Filters" (semantics).
#include <algorithm>
#include <array>
#include <unordered_map>

#include "text/template/filters.h"
#include "text/template/item_key.h"
#include "text/template/objects.h"
#include "text/template/operations.h"
#include "text/template/parameters.h"
#include "text/template/python_text.h"

namespace lathe::text::jinja {
namespace {

Value lengthOf(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters none("len", arguments, {});
    return Value::integer(length(context, input));
}

Value first(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters none("do_first", arguments, {});
    auto item = iterate(context, input)->next(context);
    return item ? std::move(*item) : Value::undefined("No first item, sequence was empty.");
}

Value last(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters none("do_last", arguments, {});
    const IteratorPtr iterator = iterateBackwards(context, input);
    if (!iterator)
        raise(FaultKind::Type, "'{}' object is not reversible", input.typeName());
    auto item = iterator->next(context);
    return item ? std::move(*item) : Value::undefined("No last item, sequence was empty.");
}

Value join(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters given("do_join", arguments, {"d", "attribute"});
    const Text separator = given.has(0) ? stringOf(context, given[0]) : Text();
    const ItemKey key(given.has(1) ? given[1] : Value());
    const IteratorPtr iterator = iterate(context, input);
    Text out;
    for (bool begun = false; const auto item = iterator->next(context); begun = true) {
        if (begun) {
            context.charge(separator.size());
            out.append(separator);
        }
        printString(context, out, key.of(context, *item));
    }
    return Value::string(std::move(out));
}

Value list(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters none("do_list", arguments, {});
    return Value::list(listOf(context, input));
}

Value items(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters none("do_items", arguments, {});
    if (!input.isUndefined() && !input.isDict())  // told when the first item is asked for, as a generator does
        return generator(
            [](Context&) -> std::optional<Value> { raise(FaultKind::Type, "Can only get item pairs from a mapping."); },
            0);
    if (input.isUndefined())
        return generator([](Context&) -> std::optional<Value> { return std::nullopt; }, 0);
    const IteratorPtr pairs = DictView(input, DictView::Kind::Pairs).iterate(context);
    return generator([pairs](Context& inner) { return pairs->next(inner); }, input.nesting());
}

Value reverse(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters none("do_reverse", arguments, {});
    if (input.isString())
        return sliceOf(context, input, Value(), Value(), Value::integer(std::int64_t{-1}));
    if (IteratorPtr iterator = iterateBackwards(context, input))
        return Value::object(std::make_shared<Generator>(
            std::move(iterator), input.nesting(),
            input.isDict() ? "dict_reversekeyiterator" : input.typeName() + "_reverseiterator"));
    const IteratorPtr forwards = iterateIfPossible(context, input);
    if (!forwards)
        raise(FaultKind::Template, "argument must be iterable");
    Values all = listOf(context, input);
    std::ranges::reverse(all);
    return Value::list(std::move(all));
}

/// Several attributes with commas between them are compared one after the other.
std::vector<ItemKey> sortKeys(const Value& attribute, bool ignoreCase) {
    std::vector<ItemKey> keys;
    if (!attribute.isString()) {
        keys.emplace_back(attribute, ignoreCase);
        return keys;
    }
    std::string_view rest = attribute.bytes();
    for (;;) {
        const std::size_t comma = rest.find(',');
        keys.emplace_back(Value::string(rest.substr(0, comma)), ignoreCase);
        if (comma == std::string_view::npos)
            return keys;
        rest.remove_prefix(comma + 1);
    }
}

struct Keyed {
    Value key;
    Value item;
};

Values sorted(Context& context, std::vector<Keyed> keyed, bool reverse) {
    context.step(keyed.size() * 8);
    std::ranges::stable_sort(keyed, [&](const Keyed& a, const Keyed& b) {
        context.step();
        return reverse ? compare(b.key, a.key) < 0 : compare(a.key, b.key) < 0;
    });
    Values items;
    for (Keyed& one : keyed)
        items.push_back(std::move(one.item));
    return items;
}

Value sort(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters given("do_sort", arguments, {"reverse", "case_sensitive", "attribute"});
    const auto keys = sortKeys(given.has(2) ? given[2] : Value(), !given.flag(1, false));
    std::vector<Keyed> keyed;
    for (Value& item : listOf(context, input)) {
        Values key;
        for (const ItemKey& one : keys)
            key.push_back(one.of(context, item));
        keyed.push_back({Value::list(std::move(key)), std::move(item)});
    }
    return Value::list(sorted(context, std::move(keyed), given.flag(0, false)));
}

Value dictsort(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters given("do_dictsort", arguments, {"case_sensitive", "by", "reverse"});
    const std::string by = given.has(1) && given[1].isString() ? given[1].bytes() : given.has(1) ? "" : "key";
    if (by != "key" && by != "value")
        raise(FaultKind::Template, "You can only sort by either \"key\" or \"value\"");
    if (input.isUndefined())
        raiseUndefined(input);
    if (!input.isDict())
        raise(FaultKind::Type, "'{}' object has no attribute 'items'", input.typeName());
    std::vector<Keyed> keyed;
    for (const auto& [key, value] : input.dict().entries()) {
        const Value& one = by == "key" ? key : value;
        keyed.push_back({given.flag(0, false) ? one : withoutCase(context, one), Value::tuple({key, value})});
    }
    return Value::list(sorted(context, std::move(keyed), given.flag(2, false)));
}

/// A set of values.
class Seen {
public:
    /// false: it was there.
    bool insert(const Value& value) {
        std::size_t hash = 0;
        try {
            hash = hashOf(value);
        } catch (const Fault& fault) {
            raise(FaultKind::Type, "cannot use '{}' as a set element ({})", value.typeName(), fault.message);
        }
        const auto [begin, end] = m_values.equal_range(hash);
        if (std::any_of(begin, end, [&](const auto& one) { return equals(one.second, value); }))
            return false;
        m_values.emplace(hash, value);
        return true;
    }

private:
    std::unordered_multimap<std::size_t, Value> m_values;
};

Value unique(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters given("do_unique", arguments, {"case_sensitive", "attribute"});
    const ItemKey key(given.has(1) ? given[1] : Value(), !given.flag(0, false));
    const IteratorPtr iterator = iterate(context, input);
    const auto seen = std::make_shared<Seen>();
    return generator(
        [iterator, seen, key](Context& inner) -> std::optional<Value> {
            while (auto item = iterator->next(inner))
                if (seen->insert(key.of(inner, *item)))
                    return item;
            return std::nullopt;
        },
        input.nesting());
}

template <bool largest>
Value extreme(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters given(largest ? "do_max" : "do_min", arguments, {"case_sensitive", "attribute"});
    const ItemKey key(given.has(1) ? given[1] : Value(), !given.flag(0, false));
    const IteratorPtr iterator = iterate(context, input);
    auto best = iterator->next(context);
    if (!best)
        return Value::undefined("No aggregated item, sequence was empty.");
    Value bestKey = key.of(context, *best);
    while (auto item = iterator->next(context)) {
        Value itemKey = key.of(context, *item);
        const int order = compare(itemKey, bestKey, largest ? ">" : "<");
        if (largest ? order > 0 : order < 0) {
            best = std::move(item);
            bestKey = std::move(itemKey);
        }
    }
    return std::move(*best);
}

Value sum(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters given("do_sum", arguments, {"attribute", "start"});
    const ItemKey key(given.has(0) ? given[0] : Value());
    Value total = given.has(1) ? given[1] : Value::integer(std::int64_t{0});
    if (total.isString())
        raise(FaultKind::Type, "sum() can't sum strings [use ''.join(seq) instead]");
    const IteratorPtr iterator = iterate(context, input);
    while (const auto item = iterator->next(context))
        total = add(context, total, key.of(context, *item));
    return total;
}

Value defaultTo(Context&, const Value& input, const Arguments& arguments) {
    const Parameters given("do_default", arguments, {"default_value", "boolean"});
    if (input.isUndefined() || (given.flag(1, false) && !truth(input)))
        return given.has(0) ? given[0] : Value::string("");
    return input;
}

Value attr(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters given("do_attr", arguments, {"name"}, 1);
    const std::string& name = given.text(0).bytes();
    if (auto attribute = attributeIfAny(context, input, name))
        return std::move(*attribute);
    return Value::undefined(fmt::format("'{}' has no attribute '{}'", input.typeTitle(), name));
}

/// A generator over lists that are made all at once when the first is asked for.
Value listsOnDemand(std::function<Values(Context&)> make, int nesting) {
    return generator(
        [make = std::move(make), lists = IteratorPtr()](Context& context) mutable {
            if (!lists)
                lists = iteratorOver(make(context));
            return lists->next(context);
        },
        nesting);
}

Value batch(Context&, const Value& input, const Arguments& arguments) {
    const Parameters given("do_batch", arguments, {"linecount", "fill_with"}, 1);
    const Value size = given[0], fill = given.has(1) ? given[1] : Value();
    return listsOnDemand(
        [input, size, fill](Context& context) {
            Values lists, one;
            for (Value& item : listOf(context, input)) {
                if (equals(Value::integer(one.size()), size))
                    lists.push_back(Value::list(std::exchange(one, {})));
                one.push_back(std::move(item));
            }
            if (one.empty())
                return lists;
            if (!fill.isNone() && compare(Value::integer(one.size()), size) < 0) {
                const auto wanted = static_cast<std::size_t>(asIndex(size));
                context.step(wanted);
                one.resize(wanted, fill);
            }
            lists.push_back(Value::list(std::move(one)));
            return lists;
        },
        input.nesting() + 1);
}

Value slice(Context&, const Value& input, const Arguments& arguments) {
    const Parameters given("do_slice", arguments, {"slices", "fill_with"}, 1);
    const Value slices = given[0], fill = given.has(1) ? given[1] : Value();
    return listsOnDemand(
        [input, slices, fill](Context& context) {
            const Values all = listOf(context, input);
            const std::int64_t count = asIndex(slices);
            if (count == 0)
                raise(FaultKind::Arithmetic, "division by zero");
            const std::size_t parts = count > 0 ? static_cast<std::size_t>(count) : 0;
            context.step(parts);
            Values lists;
            std::size_t begin = 0;
            for (std::size_t i = 0; i < parts; ++i) {
                const bool extra = i < all.size() % parts;
                const std::size_t end = begin + all.size() / parts + (extra ? 1 : 0);
                Values one(all.begin() + static_cast<std::ptrdiff_t>(begin),
                           all.begin() + static_cast<std::ptrdiff_t>(end));
                if (!fill.isNone() && !extra)
                    one.push_back(fill);
                lists.push_back(Value::list(std::move(one)));
                begin = end;
            }
            return lists;
        },
        input.nesting() + 1);
}

constexpr std::array kFilters = {
    Filter{"attr", attr},         Filter{"batch", batch},        Filter{"count", lengthOf},
    Filter{"d", defaultTo},       Filter{"default", defaultTo},  Filter{"dictsort", dictsort},
    Filter{"first", first},       Filter{"items", items},        Filter{"join", join},
    Filter{"last", last},         Filter{"length", lengthOf},    Filter{"list", list},
    Filter{"max", extreme<true>}, Filter{"min", extreme<false>}, Filter{"reverse", reverse},
    Filter{"slice", slice},       Filter{"sort", sort},          Filter{"sum", sum},
    Filter{"unique", unique},
};

}  // namespace

std::span<const Filter> sequenceFilters() {
    return kFilters;
}

}  // namespace lathe::text::jinja
