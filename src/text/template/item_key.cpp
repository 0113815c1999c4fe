// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/template/item_key.h"

#include <charconv>

#include "text/template/characters.h"
#include "text/template/operations.h"

namespace lathe::text::jinja {
namespace {

Value partOf(std::string_view text) {
    std::int64_t number = 0;
    const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
    if (digits && std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc())
        return Value::integer(number);
    return Value::string(text);
}

}  // namespace

ItemKey::ItemKey(const Value& attribute, bool ignoreCase, Value fallback)
    : m_ignoreCase(ignoreCase), m_fallback(std::move(fallback)) {
    if (attribute.isNone())
        return;
    if (!attribute.isString()) {
        m_parts.push_back(attribute);
        return;
    }
    std::string_view rest = attribute.bytes();
    for (;;) {
        const std::size_t dot = rest.find('.');
        m_parts.push_back(partOf(rest.substr(0, dot)));
        if (dot == std::string_view::npos)
            return;
        rest.remove_prefix(dot + 1);
    }
}

Value ItemKey::of(Context& context, const Value& item) const {
    Value value = item;
    for (const Value& part : m_parts) {
        context.step();
        value = itemOf(context, value, part);
        if (value.isUndefined() && !m_fallback.isNone())
            value = m_fallback;
    }
    return m_ignoreCase ? withoutCase(context, value) : value;
}

Value withoutCase(Context& context, const Value& value) {
    if (!value.isString())
        return value;
    return context.make(value.text().derived(lowerCase(value.bytes())));
}

}  // namespace lathe::text::jinja
