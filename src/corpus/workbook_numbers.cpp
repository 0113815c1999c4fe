// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How a workbook's numbers and texts are meant: dates are numbers with a format, and some characters are written out.
#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cmath>

#include "core/utf8.h"
#include "corpus/detail/workbook.h"

namespace lathe::corpus::detail {
namespace {

constexpr double kMaxDays = 2958466;  ///< 1 January 10000; Excel shows no date from here on

std::string dateText(std::int64_t day, bool from1904) {
    using namespace std::chrono;
    if (!from1904 && day == 60)
        return "1900-02-29";  // Excel has this day, as Lotus had it
    // Before that day the count is one less.
    const sys_days start =
        from1904 ? sys_days(year(1904) / 1 / 1) : sys_days(day < 60 ? year(1899) / 12 / 31 : year(1899) / 12 / 30);
    const year_month_day date(start + days(day));
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

std::string clockText(std::int64_t seconds) {
    return fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string plainText(double number) {
    if (std::abs(number) < 1e15 && number == std::floor(number))
        return fmt::format("{}", static_cast<std::int64_t>(number));
    return fmt::format("{:.15g}", number);  // as many digits as Excel keeps: 0.1, not 0.10000000000000001
}

int hexDigit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

std::string numberText(std::string_view value, NumberKind kind, bool from1904) {
    double number = 0;
    const auto end = value.data() + value.size();
    const auto read = std::from_chars(value.data(), end, number);
    if (read.ec != std::errc() || read.ptr != end || !std::isfinite(number))
        return std::string(value);
    if (kind == NumberKind::Plain || number < 0 || number >= kMaxDays)
        return plainText(number);
    if (kind == NumberKind::Duration)
        return clockText(std::llround(number * 86400));
    auto day = static_cast<std::int64_t>(std::floor(number));
    std::int64_t seconds = std::llround((number - static_cast<double>(day)) * 86400);
    if (seconds == 86400) {
        ++day;
        seconds = 0;
    }
    if (day == 0 && !from1904)
        return kind == NumberKind::Date && seconds == 0 ? plainText(number) : clockText(seconds);
    if (kind == NumberKind::Time && day == 0)
        return clockText(seconds);
    if (kind == NumberKind::DateTime || seconds != 0)
        return dateText(day, from1904) + " " + clockText(seconds);
    return dateText(day, from1904);
}

NumberKind kindOfFormat(std::string_view code) {
    bool day = false, clock = false, month = false;
    for (std::size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
        const char c = code[i] >= 'A' && code[i] <= 'Z' ? static_cast<char>(code[i] + 32) : code[i];
        if (c == '\\' || c == '_' || c == '*') {
            ++i;  // the next character is shown, or is a width, or fills
        } else if (c == '"') {
            i = std::min(code.find('"', i + 1), code.size());
        } else if (c == '[') {
            const std::size_t close = std::min(code.find(']', i), code.size());
            const std::string_view inside = code.substr(i + 1, close - i - 1);
            if (!inside.empty() && inside.find_first_not_of("hHmMsS") == std::string_view::npos)
                return NumberKind::Duration;
            i = close;
        } else if (c == 'a' && (code.substr(i, 5) == "AM/PM" || code.substr(i, 5) == "am/pm")) {
            clock = true;
            i += 4;
        } else {
            day = day || c == 'y' || c == 'd';
            clock = clock || c == 'h' || c == 's';
            month = month || c == 'm';
        }
    }
    day = day || (month && !clock);
    if (day)
        return clock ? NumberKind::DateTime : NumberKind::Date;
    return clock ? NumberKind::Time : NumberKind::Plain;
}

std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        unsigned unit = 0;
        bool escape = text.substr(i, 2) == "_x" && i + 6 < text.size() && text[i + 6] == '_';
        for (std::size_t d = i + 2; escape && d < i + 6; ++d) {
            const int digit = hexDigit(text[d]);
            escape = digit >= 0;
            unit = unit * 16 + static_cast<unsigned>(digit);
        }
        if (escape && !(unit >= 0xD800 && unit < 0xE000)) {
            appendUtf8(out, unit);
            i += 7;
        } else {
            out.push_back(text[i++]);
        }
    }
    return out;
}

}  // namespace lathe::corpus::detail
