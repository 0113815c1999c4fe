// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// map, select, reject, selectattr, rejectattr: filters that are given a filter, a test or an attribute; and the tables.
#include <algorithm>
#include <array>

#include "text/template/filters.h"
#include "text/template/item_key.h"
#include "text/template/objects.h"
#include "text/template/operations.h"

namespace lathe::text::jinja {
namespace {

int nestingOf(const Value& input, const Arguments& arguments) {
    int nesting = input.nesting();
    for (const Value& value : arguments.positional)
        nesting = std::max(nesting, value.nesting());
    for (const auto& [name, value] : arguments.named)
        nesting = std::max(nesting, value.nesting());
    return nesting;
}

/// The arguments behind the first \p count.
Arguments without(const Arguments& arguments, std::size_t count) {
    Arguments rest = arguments;
    rest.positional.erase(rest.positional.begin(), rest.positional.begin() + static_cast<std::ptrdiff_t>(count));
    return rest;
}

const Value* named(const Arguments& arguments, std::string_view name) {
    const auto found = std::ranges::find(arguments.named, name, [](const auto& one) { return one.first; });
    return found == arguments.named.end() ? nullptr : &found->second;
}

const std::string& nameOf(const Value& value) {
    if (!value.isString())
        raise(FaultKind::Template, "No filter or test named {}.", value.typeName());
    return value.bytes();
}

using Function = std::function<Value(Context&, const Value&)>;

/// What map() does to each item.
Function mapping(const Arguments& arguments) {
    if (const Value* attribute = named(arguments, "attribute"); attribute && arguments.positional.empty()) {
        const Value* fallback = named(arguments, "default");
        for (const auto& [name, value] : arguments.named)
            if (name != "attribute" && name != "default")
                raise(FaultKind::Template, "Unexpected keyword argument '{}'", name);
        return [key = ItemKey(*attribute, false, fallback ? *fallback : Value())](Context& context, const Value& item) {
            return key.of(context, item);
        };
    }
    if (arguments.positional.empty())
        raise(FaultKind::Template, "map requires a filter argument");
    return [name = nameOf(arguments.positional[0]), rest = without(arguments, 1)](Context& context, const Value& item) {
        return applyFilter(context, name, item, rest);
    };
}

Value map(Context&, const Value& input, const Arguments& arguments) {
    // Nothing is looked at before the first item is asked for: that is a generator's way.
    return generator(
        [input, arguments, iterator = IteratorPtr(),
         function = Function()](Context& context) mutable -> std::optional<Value> {
            if (!truth(input))
                return std::nullopt;
            if (!iterator) {
                function = mapping(arguments);
                iterator = iterate(context, input);
            }
            auto item = iterator->next(context);
            return item ? std::optional(function(context, *item)) : std::nullopt;
        },
        nestingOf(input, arguments));
}

using Predicate = std::function<bool(Context&, const Value&)>;

Predicate predicate(const Arguments& arguments, bool ofAttribute) {
    const std::size_t skipped = ofAttribute ? 1 : 0;
    if (arguments.positional.size() < skipped)
        raise(FaultKind::Template, "Missing parameter for attribute name");
    const ItemKey key(ofAttribute ? arguments.positional[0] : Value());
    if (arguments.positional.size() == skipped)
        return [key](Context& context, const Value& item) { return truth(key.of(context, item)); };
    return [key, name = nameOf(arguments.positional[skipped]), rest = without(arguments, skipped + 1)](
               Context& context, const Value& item) { return applyTest(context, name, key.of(context, item), rest); };
}

template <bool keepWhereTrue, bool ofAttribute>
Value select(Context&, const Value& input, const Arguments& arguments) {
    return generator(
        [input, arguments, iterator = IteratorPtr(),
         keep = Predicate()](Context& context) mutable -> std::optional<Value> {
            if (!truth(input))
                return std::nullopt;
            if (!iterator) {
                keep = predicate(arguments, ofAttribute);
                iterator = iterate(context, input);
            }
            while (auto item = iterator->next(context))
                if (keep(context, *item) == keepWhereTrue)
                    return item;
            return std::nullopt;
        },
        nestingOf(input, arguments));
}

constexpr std::array kFilters = {
    Filter{"map", map},
    Filter{"reject", select<false, false>},
    Filter{"rejectattr", select<false, true>},
    Filter{"select", select<true, false>},
    Filter{"selectattr", select<true, true>},
};

}  // namespace

std::span<const Filter> selectionFilters() {
    return kFilters;
}

const Filter* findFilter(std::string_view name) {
    for (const auto filters : {textFilters(), sequenceFilters(), selectionFilters(), numberFilters()})
        if (const auto found = std::ranges::find(filters, name, &Filter::name); found != filters.end())
            return &*found;
    return nullptr;
}

bool isRefusedFilter(std::string_view name) {
    static constexpr std::array<std::string_view, 9> kRefused = {
        "filesizeformat", "groupby", "pprint", "random", "striptags", "urlencode", "urlize", "wordwrap", "xmlattr"};
    return std::ranges::find(kRefused, name) != kRefused.end();
}

Value applyFilter(Context& context, std::string_view name, const Value& input, const Arguments& arguments) {
    if (isRefusedFilter(name))
        raise(FaultKind::Unsupported, "filter '{}'", name);
    const Filter* filter = findFilter(name);
    if (!filter)
        raise(FaultKind::Template, "No filter named '{}' found.", name);
    context.step();
    return filter->apply(context, input, arguments);
}

bool applyTest(Context& context, std::string_view name, const Value& input, const Arguments& arguments) {
    const Test* test = findTest(name);
    if (!test)
        raise(FaultKind::Template, "No test named '{}' found.", name);
    context.step();
    return test->holds(context, input, arguments);
}

}  // namespace lathe::text::jinja
