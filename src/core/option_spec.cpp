// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/option_spec.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace lathe {

OptionSpec intOption(std::string key, std::string label, std::int64_t fallback, std::int64_t min, std::int64_t max,
                     std::string unit, std::string help) {
    return {.key = std::move(key),
            .label = std::move(label),
            .help = std::move(help),
            .type = OptionType::Int,
            .fallback = fallback,
            .min = static_cast<double>(min),
            .max = static_cast<double>(max),
            .unit = std::move(unit),
            .choices = {}};
}

OptionSpec realOption(std::string key, std::string label, double fallback, double min, double max, std::string unit,
                      std::string help) {
    return {.key = std::move(key),
            .label = std::move(label),
            .help = std::move(help),
            .type = OptionType::Real,
            .fallback = fallback,
            .min = min,
            .max = max,
            .unit = std::move(unit),
            .choices = {}};
}

OptionSpec boolOption(std::string key, std::string label, bool fallback, std::string help) {
    return {.key = std::move(key),
            .label = std::move(label),
            .help = std::move(help),
            .type = OptionType::Bool,
            .fallback = fallback,
            .unit = "-",
            .choices = {}};
}

OptionSpec choiceOption(std::string key, std::string label, std::string fallback, std::vector<std::string> choices,
                        std::string help) {
    return {.key = std::move(key),
            .label = std::move(label),
            .help = std::move(help),
            .type = OptionType::Choice,
            .fallback = std::move(fallback),
            .unit = "-",
            .choices = std::move(choices)};
}

OptionSpec textOption(std::string key, std::string label, std::string fallback, std::string help) {
    return {.key = std::move(key),
            .label = std::move(label),
            .help = std::move(help),
            .type = OptionType::Text,
            .fallback = std::move(fallback),
            .unit = "-",
            .choices = {}};
}

OptionSpec advanced(OptionSpec spec) {
    spec.advanced = true;
    return spec;
}

Result<Json> validateOption(const OptionSpec& spec, const Json& value) {
    const auto wrong = [&](const std::string& allowed) {
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{} = {} is not possible: it takes {}", spec.key, toLine(value), allowed));
    };
    switch (spec.type) {
        case OptionType::Int:
            if (!value.is_number_integer() || value.get<double>() < spec.min || value.get<double>() > spec.max)
                return wrong(fmt::format("a whole number from {} to {}", spec.min, spec.max));
            return value;
        case OptionType::Real:
            if (!value.is_number() || !std::isfinite(value.get<double>()) || value.get<double>() < spec.min ||
                value.get<double>() > spec.max)
                return wrong(fmt::format("a number from {} to {}", spec.min, spec.max));
            return Json(value.get<double>());
        case OptionType::Bool:
            if (!value.is_boolean())
                return wrong("true or false");
            return value;
        case OptionType::Choice:
            if (!value.is_string() || std::ranges::find(spec.choices, value.get<std::string>()) == spec.choices.end())
                return wrong(fmt::format("one of {}", fmt::join(spec.choices, ", ")));
            return value;
        case OptionType::Text:
            if (!value.is_string())
                return wrong("a text");
            return value;
    }
    return wrong("something else");
}

Result<Json> parseOption(const OptionSpec& spec, std::string_view text) {
    // from_chars: the same everywhere, whatever decimal comma the locale has.
    const auto number = [&]<class T>(T value) -> Result<Json> {
        const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (code != std::errc{} || end != text.data() + text.size())
            return validateOption(spec, Json(text));
        return validateOption(spec, Json(value));
    };
    switch (spec.type) {
        case OptionType::Int:
            return number(std::int64_t{});
        case OptionType::Real:
            return number(double{});
        case OptionType::Bool:
            if (text == "true" || text == "1" || text == "yes")
                return Json(true);
            if (text == "false" || text == "0" || text == "no")
                return Json(false);
            return validateOption(spec, Json(text));
        case OptionType::Choice:
        case OptionType::Text:
            return validateOption(spec, Json(text));
    }
    return validateOption(spec, Json(text));
}

Result<Json> completeOptions(const std::vector<OptionSpec>& specs, const Json& given) {
    Json complete = Json::object();
    for (const auto& spec : specs)
        complete[spec.key] = spec.fallback;
    if (given.is_null())
        return complete;
    if (!given.is_object())
        return fail(ErrorCode::InvalidInput, "options should be a JSON object");
    for (const auto& [key, value] : given.items()) {
        const auto spec = std::ranges::find(specs, key, &OptionSpec::key);
        if (spec == specs.end()) {
            std::vector<std::string> known;
            for (const auto& each : specs)
                known.push_back(each.key);
            return fail(ErrorCode::InvalidInput,
                        fmt::format("there is no option \"{}\"; known are {}", key, fmt::join(known, ", ")));
        }
        LATHE_TRY(complete[key], validateOption(*spec, value));
    }
    return complete;
}

}  // namespace lathe
