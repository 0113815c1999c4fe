// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Filters over text. \source Jinja 3.1, "List of Builtin Filters"; tojson as Transformers replaces it (semantics).
#include <algorithm>
#include <array>

#include "core/utf8.h"
#include "text/template/characters.h"
#include "text/template/filters.h"
#include "text/template/methods.h"
#include "text/template/operations.h"
#include "text/template/parameters.h"
#include "text/template/percent_format.h"
#include "text/template/python_text.h"

namespace lathe::text::jinja {
namespace {

/// The value as a str; Markup stays Markup.
Value softString(Context& context, const Value& value) {
    return value.isString() ? value : context.make(stringOf(context, value));
}

template <std::string (*mapping)(std::string_view)>
Value mapCase(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters none("filter", arguments, {});
    const Value text = softString(context, input);
    return context.make(text.text().derived(mapping(text.bytes())), text.isMarkup());
}

Value trim(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters given("do_trim", arguments, {"chars"});
    const Value text = softString(context, input);
    return context.make(stripped(text.text(), given.hasValue(0) ? &given.text(0) : nullptr, true, true),
                        text.isMarkup());
}

/// A capital behind white space and - ( { [ <.
Value title(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters none("do_title", arguments, {});
    const Value text = softString(context, input);
    const std::string& bytes = text.bytes();
    std::string out;
    for (std::size_t pos = 0; pos < bytes.size();) {
        const auto isBreak = [](char32_t c) {
            return isSpace(c) || c == U'-' || c == U'(' || c == U'{' || c == U'[' || c == U'<';
        };
        std::size_t next = pos;
        const char32_t c = nextCodePoint(bytes, next);
        if (isBreak(c)) {
            out += bytes.substr(pos, next - pos);
            pos = next;
            continue;
        }
        std::size_t end = next;
        for (std::size_t at = next; at < bytes.size(); end = at)
            if (isBreak(nextCodePoint(bytes, at)))
                break;
        out += upperCase(bytes.substr(pos, next - pos)) + lowerCase(bytes.substr(next, end - next));
        pos = end;
    }
    return context.make(text.text().derived(std::move(out)), text.isMarkup());
}

Value replace(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters given("do_replace", arguments, {"old", "new", "count"}, 2);
    const std::int64_t count = given.hasValue(2) ? asIndex(given[2]) : -1;
    return Value::string(
        replaced(context, stringOf(context, input), stringOf(context, given[0]), stringOf(context, given[1]), count));
}

Value indent(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters given("do_indent", arguments, {"width", "first", "blank"});
    Text indention;
    if (given.has(0) && given[0].isString())
        indention = given[0].text();
    else
        indention.append(
            std::string(static_cast<std::size_t>(std::clamp<std::int64_t>(given.integer(0, 4), 0, 1000)), ' '));
    const Value text = add(context, input, Value::string("\n"));
    if (!text.isString())
        raise(FaultKind::Type, "'{}' object has no lines to indent", input.typeName());
    const bool blank = given.flag(2, false);
    Text out;
    bool first = true;
    for (const Text& line : linesOf(text.text(), false)) {
        context.charge(line.size() + indention.size() + 1);
        if (!first)
            out.append("\n");
        if (first ? given.flag(1, false) : (blank || !line.empty()))
            out.append(indention);
        out.append(line);
        first = false;
    }
    return Value::string(std::move(out), input.isMarkup());
}

Value tojson(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters given("tojson", arguments, {"ensure_ascii", "indent", "separators", "sort_keys"});
    JsonFormat format;
    format.ensureAscii = given.flag(0, false);
    format.sortKeys = given.flag(3, false);
    if (given.hasValue(1)) {
        format.indent =
            given[1].isString()
                ? given[1].bytes()
                : std::string(static_cast<std::size_t>(std::clamp<std::int64_t>(asIndex(given[1]), 0, 1000)), ' ');
        format.itemSeparator = ",";
    }
    if (given.hasValue(2)) {
        const Values separators = listOf(context, given[2]);
        if (separators.size() != 2 || !separators[0].isString() || !separators[1].isString())
            raise(FaultKind::Value, "tojson(): separators must be two strings");
        format.itemSeparator = separators[0].bytes();
        format.keySeparator = separators[1].bytes();
    }
    return Value::string(jsonOf(context, input, format));
}

Value escape(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters none("escape", arguments, {});
    if (input.isMarkup())
        return input;
    const Text escaped = escapedHtml(stringOf(context, input));
    context.charge(escaped.size());
    return Value::string(escaped, true);
}

Value forceEscape(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters none("do_forceescape", arguments, {});
    return context.make(escapedHtml(stringOf(context, input)), true);
}

Value safe(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters none("do_mark_safe", arguments, {});
    return context.make(stringOf(context, input), true);
}

Value string(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters none("soft_str", arguments, {});
    return softString(context, input);
}

Value format(Context& context, const Value& input, const Arguments& arguments) {
    if (!arguments.positional.empty() && !arguments.named.empty())
        raise(FaultKind::Template, "can't handle positional and keyword arguments at the same time");
    Dict named;
    for (const auto& [name, value] : arguments.named)
        named.set(Value::string(name), value);
    const Value values = named.size() > 0 ? Value::dict(std::move(named)) : Value::tuple(arguments.positional);
    return modulo(context, softString(context, input), values);
}

Value wordCount(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters none("do_wordcount", arguments, {});
    const Value text = softString(context, input);
    std::int64_t words = 0;
    bool inWord = false;
    for (std::size_t pos = 0; pos < text.text().size();) {
        const std::size_t begin = pos;
        const char32_t c = nextCodePoint(text.bytes(), pos);
        const bool word = c == U'_' || isAlphanumeric(std::string_view(text.bytes()).substr(begin, pos - begin));
        words += word && !inWord ? 1 : 0;
        inWord = word;
    }
    return Value::integer(words);
}

Value center(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters given("do_center", arguments, {"width"});
    const Value text = softString(context, input);
    return context.make(centered(context, text.text(), given.integer(0, 80), " "), text.isMarkup());
}

Value truncate(Context& context, const Value& input, const Arguments& arguments) {
    const Parameters given("do_truncate", arguments, {"length", "killwords", "end", "leeway"});
    const Value end = given.has(2) ? given[2] : Value::string("...");
    const std::int64_t most = given.integer(0, 255), endLength = length(context, end);
    const std::int64_t leeway = given.hasValue(3) ? asIndex(given[3]) : 5;
    if (most < endLength)
        raise(FaultKind::Value, "expected length >= {}, got {}", endLength, most);
    if (leeway < 0)
        raise(FaultKind::Value, "expected leeway >= 0, got {}", leeway);
    if (length(context, input) <= most + leeway)
        return input;
    Value head = sliceOf(context, input, Value(), Value::integer(most - endLength), Value());
    if (!given.flag(1, false) && head.isString()) {
        const std::size_t space = head.bytes().rfind(' ');
        head = Value::string(head.text().sub(0, std::min(space, head.text().size())), head.isMarkup());
    }
    return add(context, head, end);
}

constexpr std::array kFilters = {
    Filter{"capitalize", mapCase<capitalized>},
    Filter{"center", center},
    Filter{"e", escape},
    Filter{"escape", escape},
    Filter{"forceescape", forceEscape},
    Filter{"format", format},
    Filter{"indent", indent},
    Filter{"lower", mapCase<lowerCase>},
    Filter{"replace", replace},
    Filter{"safe", safe},
    Filter{"string", string},
    Filter{"title", title},
    Filter{"tojson", tojson},
    Filter{"trim", trim},
    Filter{"truncate", truncate},
    Filter{"upper", mapCase<upperCase>},
    Filter{"wordcount", wordCount},
};

}  // namespace

std::span<const Filter> textFilters() {
    return kFilters;
}

}  // namespace lathe::text::jinja
