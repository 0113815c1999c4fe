// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// \source Python's documentation: "printf-style String Formatting", "Format Specification Mini-Language" (semantics).
#include "text/template/percent_format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "core/utf8.h"
#include "text/template/characters.h"
#include "text/template/operations.h"
#include "text/template/python_text.h"

namespace lathe::text::jinja {
namespace {

constexpr std::int64_t kMaxWidth = 100'000;

struct Spec {
    std::string fill = " ";
    char align = '\0', sign = '-', type = '\0', grouping = '\0';
    bool alternate = false, zero = false;
    std::int64_t width = 0, precision = -1;
};

std::int64_t readNumber(std::string_view text, std::size_t& pos) {
    std::int64_t number = 0;
    for (; pos < text.size() && text[pos] >= '0' && text[pos] <= '9'; ++pos)
        number = std::min<std::int64_t>(number * 10 + (text[pos] - '0'), kMaxWidth + 1);
    if (number > kMaxWidth)
        raise(FaultKind::Limit, "a format's width or precision is beyond {}", kMaxWidth);
    return number;
}

/// Digits before the point in groups, "1,234".
std::string grouped(std::string digits, char separator, std::size_t every) {
    for (std::size_t at = digits.size(); at > every; at -= every)
        digits.insert(at - every, 1, separator);
    return digits;
}

std::string withBase(std::uint64_t magnitude, int base, bool upper) {
    std::array<char, 70> buffer;
    const auto done = std::to_chars(buffer.data(), buffer.data() + buffer.size(), magnitude, base);
    std::string digits(buffer.data(), done.ptr);
    if (upper)
        std::ranges::transform(digits, digits.begin(),
                               [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return digits;
}

/// %e, %f and %g as C has them in the C locale.
std::string realDigits(double magnitude, char type, std::int64_t precision, bool alternate) {
    if (std::isnan(magnitude) || std::isinf(magnitude)) {
        const bool upper = type == 'E' || type == 'F' || type == 'G';
        return std::isnan(magnitude) ? (upper ? "NAN" : "nan") : (upper ? "INF" : "inf");
    }
    const int digits = static_cast<int>(precision < 0 ? 6 : precision);
    const std::string format = fmt::format("{{:{}.{}{}}}", alternate ? "#" : "", digits, type);
    return fmt::format(fmt::runtime(format), magnitude);
}

std::string signOf(bool negative, char sign) {
    return negative ? "-" : sign == '-' ? "" : std::string(1, sign);
}

/// \p body behind sign and prefix in a field of the spec's width.
Text padded(Context& context, const Spec& spec, const std::string& prefix, const Text& body, char fallbackAlign) {
    const auto size = static_cast<std::int64_t>(prefix.size() + countCodePoints(body.bytes()));
    const std::int64_t missing = std::max<std::int64_t>(0, spec.width - size);
    context.charge(static_cast<std::size_t>(missing) * spec.fill.size());
    std::string left, right;
    const char align = spec.align ? spec.align : fallbackAlign;
    const std::int64_t before = align == '<' ? 0 : align == '^' ? missing / 2 : missing;
    for (std::int64_t i = 0; i < missing; ++i)
        (i < before ? left : right) += spec.fill;
    Text out;
    out.append(align == '=' ? prefix + left : left + prefix);
    return out.append(body).append(right);
}

[[noreturn]] void unknownCode(char code, const Value& value) {
    raise(FaultKind::Value, "Unknown format code '{}' for object of type '{}'", code, value.typeName());
}

Text formattedReal(Context& context, const Value& value, Spec spec) {
    const double real = value.asReal();
    const bool percent = spec.type == '%';
    const char type = percent ? 'f' : spec.type ? spec.type : 'g';
    if (type == 'n')
        raise(FaultKind::Unsupported, "format code 'n'");
    std::string digits;
    if (spec.type == '\0' && spec.precision < 0)
        digits = reprReal(std::abs(real));
    else if (spec.type == '\0')
        raise(FaultKind::Unsupported, "a format with a precision and no code");
    else
        digits = realDigits(std::abs(real) * (percent ? 100 : 1), type, spec.precision, spec.alternate);
    if (spec.grouping) {
        const std::size_t whole = std::min(digits.find_first_not_of("0123456789"), digits.size());
        digits = grouped(digits.substr(0, whole), spec.grouping, 3) + digits.substr(whole);
    }
    if (percent)
        digits += '%';
    return padded(context, spec, signOf(std::signbit(real), spec.sign), Text(digits), '>');
}

Text formattedInt(Context& context, const Value& value, const Spec& spec) {
    const std::int64_t number = value.asInt();
    const std::uint64_t magnitude =
        number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
    const char lower = static_cast<char>(spec.type | 0x20);
    if (spec.precision >= 0)
        raise(FaultKind::Value, "Precision not allowed in integer format specifier");
    if (spec.type == 'c') {
        if (number < 0 || number > 0x10FFFF || (number >= 0xD800 && number <= 0xDFFF))
            raise(FaultKind::Arithmetic, "%c arg not in range(0x110000)");
        std::string character;
        appendUtf8(character, static_cast<char32_t>(number));
        return padded(context, spec, "", Text(character), '<');
    }
    int base = 10;
    if (spec.type == 'b')
        base = 2;
    else if (spec.type == 'o')
        base = 8;
    else if (lower == 'x')
        base = 16;
    else if (spec.type != '\0' && spec.type != 'd' && spec.type != 'n')
        unknownCode(spec.type, value);
    std::string digits = withBase(magnitude, base, spec.type == 'X');
    if (spec.grouping)
        digits = grouped(std::move(digits), spec.grouping, base == 10 ? 3 : 4);
    const std::string prefix = spec.alternate && base != 10 ? std::string("0") + spec.type : "";
    return padded(context, spec, signOf(number < 0, spec.sign) + prefix, Text(digits), '>');
}

Text formattedString(Context& context, const Text& text, const Spec& spec) {
    Text shown = text;
    if (spec.precision >= 0)
        shown = text.sub(0, byteOfCodePoint(text.bytes(), static_cast<std::size_t>(spec.precision)));
    return padded(context, spec, "", shown, '<');
}

Spec parseSpec(std::string_view text) {
    Spec spec;
    std::size_t pos = 0;
    const auto isAlign = [](char c) { return c == '<' || c == '>' || c == '=' || c == '^'; };
    std::size_t afterFill = 0;
    if (!text.empty())
        nextCodePoint(text, afterFill);
    if (afterFill > 0 && afterFill < text.size() && isAlign(text[afterFill])) {
        spec.fill = std::string(text.substr(0, afterFill));
        spec.align = text[afterFill];
        pos = afterFill + 1;
    } else if (!text.empty() && isAlign(text[0])) {
        spec.align = text[pos++];
    }
    const auto take = [&](std::string_view any) {
        return pos < text.size() && any.find(text[pos]) != std::string_view::npos ? text[pos++] : '\0';
    };
    if (const char sign = take("+- "))
        spec.sign = sign;
    spec.alternate = take("#") != '\0';
    if (take("0") && !spec.align) {
        spec.fill = "0";
        spec.align = '=';
        spec.zero = true;
    }
    spec.width = readNumber(text, pos);
    spec.grouping = take(",_");
    if (take(".")) {
        const std::size_t begin = pos;
        spec.precision = readNumber(text, pos);
        if (pos == begin)
            raise(FaultKind::Value, "Format specifier missing precision");
    }
    if (pos < text.size())
        spec.type = text[pos++];
    if (pos < text.size())
        raise(FaultKind::Value, "Invalid format specifier");
    return spec;
}

// printf style ------------------------------------------------------------------------------------------------------

class PercentFormatter {
public:
    PercentFormatter(Context& context, const Text& format, const Value& arguments)
        : m_context(context), m_format(format), m_bytes(format.bytes()), m_arguments(arguments) {}

    Text run() {
        std::size_t begin = 0;
        for (std::size_t at = 0; (at = m_bytes.find('%', begin)) != std::string::npos; begin = m_pos) {
            m_out.append(m_format.sub(begin, at));
            m_pos = at + 1;
            directive();
        }
        m_out.append(m_format.sub(begin, m_bytes.size()));
        const bool allUsed = m_arguments.isTuple() ? m_next == m_arguments.items().size() : m_next > 0;
        // What has items by key may be there for nothing, as a dict whose names the format does not mention.
        const bool hasItems = m_arguments.isDict() || m_arguments.isList() || m_arguments.isUndefined() ||
                              (m_arguments.isObject() && m_arguments.object().hasItems());
        if (!allUsed && !hasItems)
            raise(FaultKind::Type, "not all arguments converted during string formatting");
        return std::move(m_out);
    }

private:
    const Value& nextArgument() {
        if (m_arguments.isTuple() ? m_next < m_arguments.items().size() : m_next == 0)
            return m_arguments.isTuple() ? m_arguments.items()[m_next++] : (++m_next, m_arguments);
        raise(FaultKind::Type, "not enough arguments for format string");
    }

    char here() const { return m_pos < m_bytes.size() ? m_bytes[m_pos] : '\0'; }

    const Value* namedArgument() {
        if (here() != '(')
            return nullptr;
        const std::size_t close = m_bytes.find(')', m_pos);
        if (close == std::string::npos)
            raise(FaultKind::Value, "incomplete format key");
        if (!m_arguments.isDict())
            raise(FaultKind::Type, "format requires a mapping");
        const std::string key = m_bytes.substr(m_pos + 1, close - m_pos - 1);
        m_pos = close + 1;
        const Value* found = m_arguments.dict().find(key);
        if (!found)
            raise(FaultKind::Lookup, "'{}'", key);
        return found;
    }

    std::int64_t numberOrStar() {
        if (here() != '*')
            return readNumber(m_bytes, m_pos);
        ++m_pos;
        const std::int64_t number = asIndex(nextArgument());
        if (std::abs(number) > kMaxWidth)
            raise(FaultKind::Limit, "a format's width or precision is beyond {}", kMaxWidth);
        return number;
    }

    void directive() {
        const Value* named = namedArgument();
        Spec spec;
        for (;; ++m_pos) {
            const char flag = here();
            if (flag == '-')
                spec.align = '<';
            else if (flag == '+' || (flag == ' ' && spec.sign != '+'))
                spec.sign = flag;
            else if (flag == '#')
                spec.alternate = true;
            else if (flag == '0')
                spec.zero = true;
            else if (flag != ' ')
                break;
        }
        spec.width = numberOrStar();
        if (spec.width < 0) {
            spec.align = '<';
            spec.width = -spec.width;
        }
        if (here() == '.') {
            ++m_pos;
            spec.precision = std::max<std::int64_t>(0, numberOrStar());
        }
        while (here() == 'l' || here() == 'h' || here() == 'L')
            ++m_pos;
        if (m_pos >= m_bytes.size())
            raise(FaultKind::Value, "incomplete format");
        spec.type = m_bytes[m_pos++];
        if (spec.type == '%')
            m_out.append("%");
        else
            convert(spec, named ? *named : nextArgument());
    }

    void convert(Spec spec, const Value& value) {
        const bool zero = spec.zero && !spec.align;
        switch (spec.type) {
            case 's':
            case 'r':
            case 'a':
                m_out.append(formattedString(m_context, textOf(spec.type, value), right(spec)));
                return;
            case 'c':
                character(spec, value);
                return;
            case 'd':
            case 'i':
            case 'u':
            case 'o':
            case 'x':
            case 'X':
                integer(spec, value, zero);
                return;
            case 'e':
            case 'E':
            case 'f':
            case 'F':
            case 'g':
            case 'G':
                if (!value.isNumber())
                    value.isUndefined() ? raiseUndefined(value)
                                        : raise(FaultKind::Type, "must be real number, not {}", value.typeName());
                zeroFill(spec, zero);
                m_out.append(formattedReal(m_context, value, spec));
                return;
            default:
                break;
        }
        raise(FaultKind::Value, "unsupported format character '{}' (0x{:x}) at index {}", spec.type,
              static_cast<int>(spec.type), m_pos - 1);
    }

    static Spec right(Spec spec) {
        if (!spec.align)
            spec.align = '>';
        return spec;
    }
    static void zeroFill(Spec& spec, bool zero) {
        if (zero) {
            spec.fill = "0";
            spec.align = '=';
        }
    }

    Text textOf(char type, const Value& value) {
        if (type == 's')
            return stringOf(m_context, value);
        if (type == 'a')
            raise(FaultKind::Unsupported, "%a in a format");
        Text out;
        printRepr(m_context, out, value);
        return out;
    }

    void character(Spec spec, const Value& value) {
        if (value.isString() && countCodePoints(value.bytes()) == 1)
            m_out.append(formattedString(m_context, value.text(), right(spec)));
        else if (value.isIntegral())
            m_out.append(formattedInt(m_context, value, right(spec)));
        else
            raise(FaultKind::Type, "%c requires an int or a unicode character, not {}", value.typeName());
    }

    void integer(Spec spec, const Value& value, bool zero) {
        const bool wantsInt = spec.type == 'o' || spec.type == 'x' || spec.type == 'X';
        if (!value.isNumber())
            raise(FaultKind::Type, "%{} format: {} is required, not {}", spec.type,
                  wantsInt ? "an integer" : "a real number", value.typeName());
        if (wantsInt && !value.isIntegral())
            raise(FaultKind::Type, "%{} format: an integer is required, not float", spec.type);
        if (!value.isIntegral() && !(std::abs(value.asReal()) < 9.2e18))
            raise(FaultKind::Arithmetic, "cannot convert float infinity to integer");
        const Value number = value.isIntegral() ? value : Value::integer(static_cast<std::int64_t>(value.asReal()));
        if (!wantsInt)
            spec.type = 'd';
        const std::int64_t digits = std::exchange(spec.precision, -1);
        if (digits >= 0) {
            const std::int64_t width = std::exchange(spec.width, 0);
            Spec inner = spec;
            inner.fill = "0";
            inner.align = '=';
            inner.width = digits + (number.asInt() < 0 || spec.sign != '-' ? 1 : 0);
            const Text body = formattedInt(m_context, number, inner);
            spec.width = width;
            spec.type = 's';
            m_out.append(formattedString(m_context, body, right(spec)));
            return;
        }
        zeroFill(spec, zero);
        m_out.append(formattedInt(m_context, number, right(spec)));
    }

    Context& m_context;
    const Text& m_format;
    const std::string& m_bytes;
    const Value& m_arguments;
    std::size_t m_pos = 0, m_next = 0;
    Text m_out;
};

}  // namespace

Text percentFormat(Context& context, const Text& format, const Value& arguments) {
    return PercentFormatter(context, format, arguments).run();
}

Text formatted(Context& context, const Value& value, std::string_view specText) {
    if (specText.empty())
        return stringOf(context, value);
    const Spec spec = parseSpec(specText);
    if (value.isString()) {
        if (spec.type != '\0' && spec.type != 's')
            unknownCode(spec.type, value);
        if (spec.align == '=' && !spec.zero)
            raise(FaultKind::Value, "'=' alignment not allowed in string format specifier");
        Spec plain = spec;
        if (spec.zero)
            plain.align = '<';
        return formattedString(context, value.text(), plain);
    }
    const bool realCode = std::string_view("eEfFgG%").find(spec.type) != std::string_view::npos && spec.type != '\0';
    if (value.isNumber() && (realCode || !value.isIntegral())) {
        if (!realCode && spec.type != '\0' && spec.type != 'n')
            unknownCode(spec.type, value);
        return formattedReal(context, value, spec);
    }
    if (value.isIntegral())
        return formattedInt(context, value, spec);
    raise(FaultKind::Type, "unsupported format string passed to {}.__format__", value.typeName());
}

}  // namespace lathe::text::jinja
