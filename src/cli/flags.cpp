// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/flags.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <CLI/CLI.hpp>

#include "cli/suggest.h"

namespace lathe::cli {
namespace {

std::string checkDevice(const std::string& device) {
    const bool numbered = device.starts_with("cuda:") && device.size() > 5 && device.size() < 9 &&
                          std::all_of(device.begin() + 5, device.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (device == "auto" || device == "cpu" || device == "cuda" || numbered)
        return {};
    return fmt::format("\"{}\" is no device: it takes auto, cpu, cuda or cuda:N", device);
}

std::string flagName(const std::string& key) {
    std::string name = "--" + key;
    std::ranges::replace(name, '_', '-');
    return name;
}

}  // namespace

void ComputeFlags::define(CLI::App& app) {
    app.add_option_function<std::string>(
           "--device",
           [this](const std::string& value) {
               device = value;
               deviceGiven = true;
           },
           "auto, cpu, cuda or cuda:N (default: auto)")
        ->check(CLI::Validator(checkDevice, ""));
    app.add_option("--threads", threads, "threads to compute with; 0 = all cores (default: 0)")
        ->check(CLI::Range(0, 1024));
}

void ComputeFlags::apply() const {
    infer::setComputeThreads(threads);
}

void WeightFlag::define(CLI::App& app) {
    app.add_option_function<std::string>(
           "--weights", [this](const std::string& name) { type = infer::weightTypeFrom(name).value(); },
           "what the weights are held in: float32, exact; bf16, half the memory and faster; int8, a quarter of the "
           "memory, fastest, rounded (default: float32)")
        ->check([](const std::string& name) {
            const auto known = infer::weightTypeFrom(name);
            return known ? std::string() : known.error().message;
        });
}

void AdapterFlags::define(CLI::App& app) {
    app.add_option("--adapter", given,
                   "folder of an adapter to put on the model; NAME=DIR names it, DIR@0.5 halves what it adds. "
                   "Repeatable: the additions are summed up")
        ->allow_extra_args(false);
}

std::vector<infer::AdapterChoice> AdapterFlags::choices() const {
    std::vector<infer::AdapterChoice> all;
    for (const std::string& text : given) {
        infer::AdapterChoice choice;
        std::string folder = text;
        std::error_code ignored;
        // a folder of exactly that name is meant before anything is cut off
        if (!std::filesystem::exists(folder, ignored)) {
            if (const auto at = folder.find('='); at != std::string::npos) {
                choice.name = folder.substr(0, at);
                folder.erase(0, at + 1);
            }
            const auto at = folder.rfind('@');
            double strength = 1;
            if (at != std::string::npos && !std::filesystem::exists(folder, ignored)) {
                const char* end = folder.data() + folder.size();
                const auto [stop, error] = std::from_chars(folder.data() + at + 1, end, strength);
                if (error == std::errc() && stop == end) {
                    choice.strength = strength;
                    folder.erase(at);
                }
            }
        }
        choice.folder = folder;
        all.push_back(std::move(choice));
    }
    return all;
}

void SpecFlags::define(CLI::App& app) {
    for (const auto& spec : m_specs) {
        app.add_option_function<std::string>(
            flagName(spec.key),
            [this, spec](const std::string& text) {
                auto value = parseOption(spec, text);
                if (!value)
                    throw CLI::ValidationError(flagName(spec.key), value.error().message);
                m_given[spec.key] = *value;
            },
            describeSpec(spec));
    }
}

std::string describeSpec(const OptionSpec& spec) {
    std::string range;
    const std::string unit = spec.unit == "-" || spec.unit.empty() ? "" : " " + spec.unit;
    if (spec.type == OptionType::Int || spec.type == OptionType::Real)
        range = fmt::format("{} to {}{}; ", spec.min, spec.max, unit);
    else if (spec.type == OptionType::Choice)
        range = fmt::format("{}; ", fmt::join(spec.choices, ", "));
    else if (spec.type == OptionType::Bool)
        range = "true, false; ";
    std::string fallback = spec.fallback.is_string() ? spec.fallback.get<std::string>() : toLine(spec.fallback);
    if (fallback.empty())
        fallback = "none";
    return fmt::format("{} ({}default: {})", spec.help, range, fallback);
}

Json toJson(const OptionSpec& spec) {
    static constexpr const char* types[] = {"int", "real", "bool", "choice", "text"};
    Json json = {{"key", spec.key},
                 {"label", spec.label},
                 {"help", spec.help},
                 {"type", types[static_cast<int>(spec.type)]},
                 {"default", spec.fallback}};
    if (spec.type == OptionType::Int || spec.type == OptionType::Real) {
        json["min"] = spec.min;
        json["max"] = spec.max;
    }
    if (spec.type == OptionType::Choice)
        json["choices"] = spec.choices;
    json["unit"] = spec.unit;
    json["advanced"] = spec.advanced;
    return json;
}

Result<> setOption(const std::vector<OptionSpec>& specs, const std::string& keyAndValue, Json& options) {
    const auto equals = keyAndValue.find('=');
    if (equals == std::string::npos || equals == 0)
        return fail(ErrorCode::InvalidInput, fmt::format("--set {} should be key=value", keyAndValue));
    std::string key = keyAndValue.substr(0, equals);
    std::ranges::replace(key, '-', '_');
    const auto spec = std::ranges::find(specs, key, &OptionSpec::key);
    if (spec == specs.end()) {
        std::vector<std::string> keys;
        for (const auto& each : specs)
            keys.push_back(each.key);
        const std::string near = nearest(key, keys);
        return fail(ErrorCode::InvalidInput,
                    fmt::format("there is no option \"{}\"{}; lathe-cli train --list shows them all", key,
                                near.empty() ? "" : fmt::format(", did you mean \"{}\"?", near)));
    }
    LATHE_TRY(options[key], parseOption(*spec, keyAndValue.substr(equals + 1)));
    return {};
}

}  // namespace lathe::cli
