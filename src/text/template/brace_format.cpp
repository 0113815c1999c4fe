// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// str.format(): replacement fields with attributes, items, conversions and nested specs.
#include <algorithm>
#include <charconv>

#include "text/template/operations.h"
#include "text/template/percent_format.h"
#include "text/template/python_text.h"

namespace lathe::text::jinja {
namespace {

class BraceFormatter {
public:
    BraceFormatter(Context& context, const Arguments& arguments) : m_context(context), m_arguments(arguments) {}

    Text run(const Text& format, int depth) {
        Text out;
        const std::string& bytes = format.bytes();
        std::size_t begin = 0;
        for (std::size_t at = 0; (at = bytes.find_first_of("{}", begin)) != std::string::npos;) {
            out.append(format.sub(begin, at));
            if (at + 1 < bytes.size() && bytes[at + 1] == bytes[at]) {
                out.append(format.sub(at, at + 1));
                begin = at + 2;
                continue;
            }
            if (bytes[at] == '}')
                raise(FaultKind::Value, "Single '}}' encountered in format string");
            const std::size_t close = closingBrace(bytes, at);
            out.append(field(format.sub(at + 1, close), depth));
            begin = close + 1;
        }
        return out.append(format.sub(begin, bytes.size()));
    }

private:
    static std::size_t closingBrace(const std::string& bytes, std::size_t open) {
        int depth = 0;
        bool inBrackets = false;
        for (std::size_t i = open; i < bytes.size(); ++i) {
            inBrackets = bytes[i] == '[' || (inBrackets && bytes[i] != ']');
            if (bytes[i] == '{' && !inBrackets)
                ++depth;
            if (bytes[i] == '}' && !inBrackets && --depth == 0)
                return i;
        }
        if (open + 1 == bytes.size())
            raise(FaultKind::Value, "Single '{{' encountered in format string");
        raise(FaultKind::Value, "expected '}}' before end of string");
    }

    Text field(const Text& field, int depth) {
        if (depth > 1)
            raise(FaultKind::Value, "Max string recursion exceeded");
        const std::string& bytes = field.bytes();
        std::size_t nameEnd = 0;
        for (bool inBrackets = false; nameEnd < bytes.size(); ++nameEnd) {
            const char c = bytes[nameEnd];
            if (!inBrackets && (c == ':' || c == '!'))
                break;
            inBrackets = c == '[' || (inBrackets && c != ']');
        }
        Value value = lookUp(std::string_view(bytes).substr(0, nameEnd));
        std::size_t pos = nameEnd;
        if (pos < bytes.size() && bytes[pos] == '!') {
            if (pos + 1 >= bytes.size())
                raise(FaultKind::Value, "unmatched '{{' in format spec");
            value = converted(value, bytes[pos + 1]);
            pos += 2;
            if (pos < bytes.size() && bytes[pos] != ':')
                raise(FaultKind::Value, "expected ':' after conversion specifier");
        }
        const Text spec = pos < bytes.size() ? run(field.sub(pos + 1, bytes.size()), depth + 1) : Text();
        return formatted(m_context, value, spec.bytes());
    }

    Value converted(const Value& value, char conversion) {
        if (conversion == 's')
            return m_context.make(stringOf(m_context, value));
        if (conversion != 'r')
            raise(FaultKind::Unsupported, "the conversion !{} in a format", conversion);
        Text out;
        printRepr(m_context, out, value);
        return m_context.make(std::move(out));
    }

    Value lookUp(std::string_view name) {
        const std::size_t end = std::min(name.find_first_of(".["), name.size());
        Value value = argument(name.substr(0, end));
        for (name.remove_prefix(end); !name.empty();) {
            if (name.front() == '.') {
                const std::size_t stop = std::min(name.find_first_of(".[", 1), name.size());
                value = attributeOf(m_context, value, std::string(name.substr(1, stop - 1)));
                name.remove_prefix(stop);
                continue;
            }
            const std::size_t close = name.find(']');
            if (name.front() != '[' || close == std::string_view::npos)
                raise(FaultKind::Value, "Missing ']' in format string");
            value = itemOf(m_context, value, key(name.substr(1, close - 1)));
            name.remove_prefix(close + 1);
        }
        return value;
    }

    static Value key(std::string_view text) {
        std::int64_t number = 0;
        const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
        const bool isNumber = parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() && text[0] != '-';
        return isNumber ? Value::integer(number) : Value::string(text);
    }

    Value argument(std::string_view name) {
        const Value position = name.empty() ? Value::integer(m_next++) : key(name);
        m_manual = m_manual || (!name.empty() && position.isIntegral());
        if (m_manual && m_next > 0)
            raise(FaultKind::Value, "cannot switch from {} to {}",
                  name.empty() ? "manual field specification" : "automatic field numbering",
                  name.empty() ? "automatic field numbering" : "manual field specification");
        if (position.isIntegral()) {
            const auto index = static_cast<std::size_t>(position.asInt());
            if (index >= m_arguments.positional.size())
                raise(FaultKind::Lookup, "Replacement index {} out of range for positional args tuple", index);
            return m_arguments.positional[index];
        }
        for (const auto& [key, value] : m_arguments.named)
            if (key == name)
                return value;
        raise(FaultKind::Lookup, "'{}'", name);
    }

    Context& m_context;
    const Arguments& m_arguments;
    std::size_t m_next = 0;
    bool m_manual = false;  // fields with numbers of their own
};

}  // namespace

Text braceFormat(Context& context, const Text& format, const Arguments& arguments) {
    return BraceFormatter(context, arguments).run(format, 0);
}

}  // namespace lathe::text::jinja
