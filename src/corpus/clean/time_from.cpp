// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>

#include "corpus/clean/splits.h"

namespace lathe::corpus {
namespace {

// A number of seconds from 1973 on, or of milliseconds from 1973 on.
std::optional<std::int64_t> fromEpoch(double value) {
    constexpr double kSeconds = 1e8, kMilliseconds = 1e11, kMost = 1e14;
    if (!(value >= kSeconds && value < kMost))
        return std::nullopt;
    return static_cast<std::int64_t>(value < kMilliseconds ? value * 1000 : value);
}

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

// The next run of digits, whatever separates it from what is before.
std::optional<int> nextNumber(std::string_view& text, std::size_t most) {
    while (!text.empty() && !isDigit(text.front()))
        text.remove_prefix(1);
    int value = 0;
    std::size_t digits = 0;
    for (; digits < most && !text.empty() && isDigit(text.front()); ++digits) {
        value = value * 10 + (text.front() - '0');
        text.remove_prefix(1);
    }
    return digits > 0 ? std::optional(value) : std::nullopt;
}

// "+08:00", "-0530" behind the time.
std::int64_t zoneMinutes(std::string_view text) {
    const auto sign = text.find_first_of("+-");
    if (sign == std::string_view::npos)
        return 0;
    const bool isWest = text[sign] == '-';
    text.remove_prefix(sign + 1);
    const int hours = nextNumber(text, 2).value_or(0), minutes = nextNumber(text, 2).value_or(0);
    return (isWest ? -1 : 1) * (hours * 60 + minutes);
}

std::optional<std::int64_t> fromText(std::string_view text) {
    double number = 0;
    const auto end = text.data() + text.size();
    if (const auto read = std::from_chars(text.data(), end, number); read.ec == std::errc() && read.ptr == end)
        if (const auto epoch = text.size() >= 9 ? fromEpoch(number) : std::nullopt)
            return epoch;
    const bool isCompact = text.size() == 8 && text.find_first_not_of("0123456789") == std::string_view::npos;
    const auto year = nextNumber(text, 4);
    if (!year || *year < 1000 || (!isCompact && !text.empty() && isDigit(text.front())))
        return std::nullopt;
    const auto month = nextNumber(text, 2), day = nextNumber(text, 2);
    const std::chrono::year_month_day date{std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(month.value_or(1))),
                                           std::chrono::day(static_cast<unsigned>(day.value_or(1)))};
    if (!date.ok())
        return std::nullopt;
    const bool hasTime = text.find(':') != std::string_view::npos;
    std::array<int, 3> clock{};
    if (hasTime) {
        clock[0] = nextNumber(text, 2).value_or(0);
        clock[1] = nextNumber(text, 2).value_or(0);
        if (!text.empty() && text.front() == ':')
            clock[2] = nextNumber(text, 2).value_or(0);
    }
    const auto days = std::chrono::sys_days(date).time_since_epoch().count();
    const std::int64_t seconds = static_cast<std::int64_t>(days) * 86400 + clock[0] * 3600 + clock[1] * 60 + clock[2];
    return (seconds - (hasTime ? zoneMinutes(text) * 60 : 0)) * 1000;
}

}  // namespace

std::optional<std::int64_t> timeFrom(const Json& value) {
    if (value.is_string())
        return fromText(value.get_ref<const std::string&>());
    if (!value.is_number())
        return std::nullopt;
    const auto number = value.get<double>();
    if (const auto epoch = fromEpoch(number))
        return epoch;
    return value.is_number_integer() ? fromText(std::to_string(value.get<std::int64_t>())) : std::nullopt;
}

}  // namespace lathe::corpus
