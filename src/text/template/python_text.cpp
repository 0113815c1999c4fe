// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/template/python_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "core/utf8.h"
#include "text/template/string_literal.h"

namespace lathe::text::jinja {
namespace {

constexpr int kMaxPrintDepth = kMaxNesting + 20;

template <class Range, class Print>
void printList(Text& out, std::string_view open, std::string_view close, const Range& range, Print print) {
    out.append(open);
    bool first = true;
    for (const auto& item : range) {
        if (!std::exchange(first, false))
            out.append(", ");
        print(item);
    }
    out.append(close);
}

std::string jsonEscaped(std::string_view text, bool ensureAscii) {
    std::string out = "\"";
    for (std::size_t pos = 0; pos < text.size();) {
        const std::size_t begin = pos;
        const char32_t c = nextCodePoint(text, pos);
        constexpr std::string_view kFrom = "\"\\\n\r\t\f\b", kTo = "\"\\nrtfb";
        const std::size_t simple = c < 0x80 ? kFrom.find(static_cast<char>(c)) : std::string_view::npos;
        if (simple != std::string_view::npos)
            out.append({'\\', kTo[simple]});
        else if (c >= 0x20 && (c < 0x7F || !ensureAscii))
            out += text.substr(begin, pos - begin);
        else if (c == 0x7F)
            out.push_back('\x7F');
        else if (c < 0x10000)
            out += fmt::format("\\u{:04x}", static_cast<std::uint32_t>(c));
        else
            out += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + ((static_cast<std::uint32_t>(c) - 0x10000) >> 10),
                               0xDC00 + (static_cast<std::uint32_t>(c) & 0x3FF));
    }
    return out + "\"";
}

class JsonWriter {
public:
    JsonWriter(Context& context, const JsonFormat& format, Text& out)
        : m_context(context), m_format(format), m_out(out) {}

    void write(const Value& value) {
        const Context::Nested nested(m_context);
        m_context.step();
        switch (value.kind()) {
            case Value::Kind::None:
                m_out.append("null");
                return;
            case Value::Kind::Bool:
                m_out.append(value.asBool() ? "true" : "false");
                return;
            case Value::Kind::Int:
                m_out.append(std::to_string(value.asInt()));
                return;
            case Value::Kind::Float:
                m_out.append(real(value.asReal()));
                return;
            case Value::Kind::String:
                string(value.text());
                return;
            case Value::Kind::List:
            case Value::Kind::Tuple:
                list(value.items());
                return;
            case Value::Kind::Dict:
                dict(value.dict());
                return;
            case Value::Kind::Undefined:
            case Value::Kind::Object:
                break;
        }
        raise(FaultKind::Type, "Object of type {} is not JSON serializable", value.typeName());
    }

private:
    static std::string real(double value) {
        if (std::isnan(value))
            return "NaN";
        return std::isinf(value) ? (value > 0 ? "Infinity" : "-Infinity") : reprReal(value);
    }

    void string(const Text& text) {
        const Text escaped = text.derived(jsonEscaped(text.bytes(), m_format.ensureAscii));
        m_context.charge(escaped.size());
        m_out.append(escaped);
    }

    void newline() {
        if (!m_format.indent)
            return;
        m_context.charge(1 + m_format.indent->size() * static_cast<std::size_t>(m_level));
        m_out.append("\n");
        for (int i = 0; i < m_level; ++i)
            m_out.append(*m_format.indent);
    }

    template <class Items, class One>
    void enclosed(std::string_view open, std::string_view close, const Items& items, One one) {
        m_out.append(open);
        if (items.empty()) {
            m_out.append(close);
            return;
        }
        ++m_level;
        bool first = true;
        for (const auto& item : items) {
            if (!std::exchange(first, false))
                m_out.append(m_format.itemSeparator);
            newline();
            one(item);
        }
        --m_level;
        newline();
        m_out.append(close);
    }

    void list(const Values& items) {
        enclosed("[", "]", items, [&](const Value& item) { write(item); });
    }

    void dict(const Dict& dict) {
        std::vector<const Dict::Entry*> entries;
        for (const auto& entry : dict.entries())
            entries.push_back(&entry);
        if (m_format.sortKeys)
            std::ranges::stable_sort(entries, [](auto* a, auto* b) { return compare(a->key, b->key) < 0; });
        enclosed("{", "}", entries, [&](const Dict::Entry* entry) {
            key(entry->key);
            m_out.append(m_format.keySeparator);
            write(entry->value);
        });
    }

    void key(const Value& key) {
        if (key.isString())
            return string(key.text());
        if (!key.isNumber() && !key.isNone())
            raise(FaultKind::Type, "keys must be str, int, float, bool or None, not {}", key.typeName());
        m_out.append("\"");
        write(key);
        m_out.append("\"");
    }

    Context& m_context;
    const JsonFormat& m_format;
    Text& m_out;
    int m_level = 0;
};

}  // namespace

std::string reprReal(double value) {
    if (std::isnan(value))
        return "nan";
    if (std::isinf(value))
        return value > 0 ? "inf" : "-inf";
    std::array<char, 400> buffer;
    const auto write = [&](std::chars_format format) {
        const auto done = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format);
        return std::string(buffer.data(), done.ptr);
    };
    const std::string scientific = write(std::chars_format::scientific);
    const std::size_t e = scientific.find('e');
    int exponent = 0;
    const char* digits = scientific.data() + e + (scientific[e + 1] == '+' ? 2 : 1);
    std::from_chars(digits, scientific.data() + scientific.size(), exponent);
    if (exponent < -4 || exponent >= 16)
        return scientific;
    std::string fixed = write(std::chars_format::fixed);
    return fixed.find('.') == std::string::npos ? fixed + ".0" : fixed;
}

void printString(Context& context, Text& out, const Value& value) {
    if (value.isString()) {
        context.charge(value.text().size());
        out.append(value.text());
    } else if (!value.isUndefined()) {
        printRepr(context, out, value);
    }
}

void printRepr(Context& context, Text& out, const Value& value, int depth) {
    if (depth > kMaxPrintDepth)
        raise(FaultKind::Limit, "maximum recursion depth exceeded while getting the repr of an object");
    context.step();
    context.charge(2);
    const auto each = [&](const Value& item) { printRepr(context, out, item, depth + 1); };
    switch (value.kind()) {
        case Value::Kind::None:
            out.append("None");
            break;
        case Value::Kind::Undefined:
            out.append("Undefined");
            break;
        case Value::Kind::Bool:
            out.append(value.asBool() ? "True" : "False");
            break;
        case Value::Kind::Int:
            out.append(std::to_string(value.asInt()));
            break;
        case Value::Kind::Float:
            out.append(reprReal(value.asReal()));
            break;
        case Value::Kind::String: {
            const std::string literal = literalOf(value.bytes());
            context.charge(literal.size());
            out.append(value.text().derived(value.isMarkup() ? "Markup(" + literal + ")" : literal));
            break;
        }
        case Value::Kind::List:
            printList(out, "[", "]", value.items(), each);
            break;
        case Value::Kind::Tuple:
            printList(out, "(", value.items().size() == 1 ? ",)" : ")", value.items(), each);
            break;
        case Value::Kind::Dict:
            printList(out, "{", "}", value.dict().entries(), [&](const Dict::Entry& entry) {
                each(entry.key);
                out.append(": ");
                each(entry.value);
            });
            break;
        case Value::Kind::Object:
            value.object().print(context, out, depth + 1);
            break;
    }
}

Text stringOf(Context& context, const Value& value) {
    Text out;
    printString(context, out, value);
    return out;
}

std::string reprOf(Context& context, const Value& value) {
    Text out;
    printRepr(context, out, value);
    return out.bytes();
}

Text jsonOf(Context& context, const Value& value, const JsonFormat& format) {
    Text out;
    JsonWriter(context, format, out).write(value);
    return out;
}

Text escapedHtml(const Text& text) {
    constexpr std::string_view kSpecial = "&<>'\"";
    constexpr std::array<std::string_view, 5> kNames = {"&amp;", "&lt;", "&gt;", "&#39;", "&#34;"};
    Text out;
    std::size_t begin = 0;
    for (std::size_t at = 0; (at = text.bytes().find_first_of(kSpecial, begin)) != std::string::npos; begin = at + 1) {
        out.append(text.sub(begin, at));
        out.append(text.sub(at, at + 1).derived(std::string(kNames[kSpecial.find(text.bytes()[at])])));
    }
    return out.append(text.sub(begin, text.size()));
}

}  // namespace lathe::text::jinja
