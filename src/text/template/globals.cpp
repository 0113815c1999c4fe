// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/template/globals.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <limits>

#include "core/utf8.h"
#include "text/template/objects.h"
#include "text/template/operations.h"
#include "text/template/parameters.h"
#include "text/template/python_text.h"

namespace lathe::text::jinja {
namespace {

constexpr std::size_t kNamespaceBytes = 512;  // what one costs, roughly: it lives to the end of the rendering

Value makeRange(Context&, const Arguments& arguments) {
    if (!arguments.named.empty())
        raise(FaultKind::Type, "range() takes no keyword arguments");
    const Values& given = arguments.positional;
    if (given.empty())
        raise(FaultKind::Type, "range expected at least 1 argument, got 0");
    if (given.size() > 3)
        raise(FaultKind::Type, "range expected at most 3 arguments, got {}", given.size());
    const std::int64_t first = asIndex(given[0]);
    if (given.size() == 1)
        return Value::object(std::make_shared<Range>(0, first, 1));
    const std::int64_t stop = asIndex(given[1]);
    return Value::object(std::make_shared<Range>(first, stop, given.size() == 3 ? asIndex(given[2]) : 1));
}

/// dict(mapping or pairs, name=value...)
Dict dictOf(Context& context, const Arguments& arguments) {
    if (arguments.positional.size() > 1)
        raise(FaultKind::Type, "dict expected at most 1 argument, got {}", arguments.positional.size());
    Dict dict;
    if (!arguments.positional.empty() && arguments.positional[0].isDict()) {
        dict = arguments.positional[0].dict();
        context.step(dict.size());
    } else if (!arguments.positional.empty()) {
        const IteratorPtr iterator = iterate(context, arguments.positional[0]);
        for (std::size_t i = 0; const auto pair = iterator->next(context); ++i) {
            if (!iterateIfPossible(context, *pair))
                raise(FaultKind::Type, "object is not iterable");
            Values parts = listOf(context, *pair);
            if (parts.size() != 2)
                raise(FaultKind::Value, "dictionary update sequence element #{} has length {}; 2 is required", i,
                      parts.size());
            dict.set(std::move(parts[0]), std::move(parts[1]));
        }
    }
    for (const auto& [name, value] : arguments.named)
        dict.set(Value::string(name), value);
    return dict;
}

Value makeDict(Context& context, const Arguments& arguments) {
    return Value::dict(dictOf(context, arguments));
}

Value makeNamespace(Context& context, const Arguments& arguments) {
    context.charge(kNamespaceBytes);
    auto space = std::make_shared<Namespace>(dictOf(context, arguments));
    context.keep(space);
    return Value::object(std::move(space));
}

Value makeCycler(Context&, const Arguments& arguments) {
    if (!arguments.named.empty())
        raise(FaultKind::Type, "Cycler.__init__() got an unexpected keyword argument '{}'", arguments.named[0].first);
    return Value::object(std::make_shared<Cycler>(arguments.positional));
}

Value makeJoiner(Context&, const Arguments& arguments) {
    const Parameters given("Joiner.__init__", arguments, {"sep"});
    return Value::object(std::make_shared<Joiner>(given.has(0) ? given[0] : Value::string(", ")));
}

Value raiseException(Context& context, const Arguments& arguments) {
    const Parameters given("raise_exception", arguments, {"message"}, 1);
    throw Fault{FaultKind::Template, stringOf(context, given[0]).bytes()};
}

Value strftimeNow(Context& context, const Arguments& arguments) {
    const Parameters given("strftime_now", arguments, {"format"}, 1);
    context.charge(8 * given.text(0).size());
    return Value::string(formatTime(given.text(0).bytes(), context.nowMs()));
}

Value refuseLipsum(Context&, const Arguments&) {
    raise(FaultKind::Unsupported, "lipsum()");
}

bool isPlainWord(const std::string& text) {
    return !text.empty() && text.size() <= 32 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

Value stringValue(const std::string& text, bool foreign) {
    return Value::string(Text(firstInvalidUtf8(text) == std::string::npos ? text : sanitizeUtf8(text), foreign));
}

std::string twoDigits(int value) {
    return fmt::format("{:02}", value);
}

/// Week of the year whose weeks begin on \p firstDay (0 Sunday, 1 Monday).
int weekOfYear(const std::tm& time, int firstDay) {
    return (time.tm_yday + 7 - (time.tm_wday + 7 - firstDay) % 7) / 7;
}

constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};

/// Fields of the date; nullopt: it is none.
std::optional<std::string> dateField(const std::tm& time, char field) {
    const std::string_view day = kDays[static_cast<std::size_t>(time.tm_wday)];
    const std::string_view month = kMonths[static_cast<std::size_t>(time.tm_mon)];
    const int year = time.tm_year + 1900;
    switch (field) {
        case 'a':
            return std::string(day.substr(0, 3));
        case 'A':
            return std::string(day);
        case 'b':
        case 'h':
            return std::string(month.substr(0, 3));
        case 'B':
            return std::string(month);
        case 'C':
            return twoDigits(year / 100);
        case 'd':
            return twoDigits(time.tm_mday);
        case 'D':
        case 'x':
            return fmt::format("{:02}/{:02}/{:02}", time.tm_mon + 1, time.tm_mday, year % 100);
        case 'e':
            return fmt::format("{:2}", time.tm_mday);
        case 'F':
            return fmt::format("{}-{:02}-{:02}", year, time.tm_mon + 1, time.tm_mday);
        case 'j':
            return fmt::format("{:03}", time.tm_yday + 1);
        case 'm':
            return twoDigits(time.tm_mon + 1);
        case 'u':
            return std::to_string(time.tm_wday == 0 ? 7 : time.tm_wday);
        case 'U':
            return twoDigits(weekOfYear(time, 0));
        case 'w':
            return std::to_string(time.tm_wday);
        case 'W':
            return twoDigits(weekOfYear(time, 1));
        case 'y':
            return twoDigits(year % 100);
        case 'Y':
            return std::to_string(year);
        default:
            return std::nullopt;
    }
}

std::string clockField(const std::tm& time, std::int64_t ms, char field) {
    const int hour12 = time.tm_hour % 12 == 0 ? 12 : time.tm_hour % 12;
    const char* half = time.tm_hour < 12 ? "AM" : "PM";
    switch (field) {
        case 'c':
            return fmt::format("{} {} {} {} {}", *dateField(time, 'a'), *dateField(time, 'b'), *dateField(time, 'e'),
                               clockField(time, ms, 'T'), *dateField(time, 'Y'));
        case 'f':
            return fmt::format("{:06}", ms % 1000 * 1000);
        case 'H':
            return twoDigits(time.tm_hour);
        case 'I':
            return twoDigits(hour12);
        case 'k':
            return fmt::format("{:2}", time.tm_hour);
        case 'l':
            return fmt::format("{:2}", hour12);
        case 'M':
            return twoDigits(time.tm_min);
        case 'p':
            return half;
        case 'r':
            return fmt::format("{:02}:{:02}:{:02} {}", hour12, time.tm_min, time.tm_sec, half);
        case 'R':
            return fmt::format("{:02}:{:02}", time.tm_hour, time.tm_min);
        case 's':
            return std::to_string(ms / 1000);
        case 'S':
            return twoDigits(time.tm_sec);
        case 'T':
        case 'X':
            return fmt::format("{:02}:{:02}:{:02}", time.tm_hour, time.tm_min, time.tm_sec);
        case 'n':
            return "\n";
        case 't':
            return "\t";
        case 'z':
        case 'Z':
            return "";  // the time has no zone
        case '%':
            return "%";
        default:
            break;
    }
    raise(FaultKind::Unsupported, "%{} in strftime_now()", field);
}

std::string timeField(const std::tm& time, std::int64_t ms, char field) {
    auto date = dateField(time, field);
    return date ? std::move(*date) : clockField(time, ms, field);
}

}  // namespace

void addGlobals(Variables& variables) {
    const std::pair<const char*, Value (*)(Context&, const Arguments&)> functions[] = {
        {"range", makeRange},          {"dict", makeDict},       {"namespace", makeNamespace},
        {"cycler", makeCycler},        {"joiner", makeJoiner},   {"raise_exception", raiseException},
        {"strftime_now", strftimeNow}, {"lipsum", refuseLipsum},
    };
    for (const auto& [name, function] : functions)
        variables.try_emplace(name, nativeFunction(name, function));
}

Value valueOf(const Json& json, bool foreign) {
    switch (json.type()) {
        case Json::value_t::boolean:
            return Value::boolean(json.get<bool>());
        case Json::value_t::number_integer:
            return Value::integer(json.get<std::int64_t>());
        case Json::value_t::number_unsigned:
            if (json.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
                raise(FaultKind::Unsupported, "an integer beyond 64 bits ({})", json.get<std::uint64_t>());
            return Value::integer(json.get<std::int64_t>());
        case Json::value_t::number_float:
            return Value::real(json.get<double>());
        case Json::value_t::string:
            return stringValue(json.get_ref<const std::string&>(), foreign);
        case Json::value_t::array: {
            Values items;
            for (const Json& item : json)
                items.push_back(valueOf(item, foreign));
            return Value::list(std::move(items));
        }
        case Json::value_t::object: {
            Dict dict;
            for (const auto& [key, item] : json.items()) {
                const bool role = key == "role" && item.is_string() && isPlainWord(item.get_ref<const std::string&>());
                dict.set(stringValue(key, foreign), valueOf(item, foreign && !role));
            }
            return Value::dict(std::move(dict));
        }
        default:
            return {};
    }
}

std::string formatTime(std::string_view format, std::int64_t ms) {
    const std::time_t seconds = static_cast<std::time_t>(ms / 1000);
    std::tm time{};
    localtime_r(&seconds, &time);
    std::string out;
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (format[i] != '%' || i + 1 == format.size()) {
            out.push_back(format[i]);
            continue;
        }
        const char next = format[++i];
        if (next != '-' || i + 1 == format.size()) {
            out += timeField(time, ms, next);
            continue;
        }
        std::string field = timeField(time, ms, format[++i]);  // "%-d": without the padding
        const std::size_t begin = std::min(field.find_first_not_of("0 "), field.size() - (field.empty() ? 0 : 1));
        out += field.substr(begin);
    }
    return out;
}

}  // namespace lathe::text::jinja
