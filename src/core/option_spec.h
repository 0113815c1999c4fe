// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// OptionSpec: what a setting is called, means and may be. Forms, command-line flags and project files all come from it.
#pragma once

#include <string>
#include <vector>

#include "core/json.h"

namespace lathe {

enum class OptionType { Int, Real, Bool, Choice, Text };

struct OptionSpec {
    std::string key;    ///< as in files and --set, e.g. "learning_rate"
    std::string label;  ///< short title, English; translated where it is shown
    std::string help;   ///< one sentence
    OptionType type = OptionType::Text;
    Json fallback;
    double min = 0;  ///< Int and Real, inclusive
    double max = 0;
    std::string unit;                  ///< "tokens", "epochs", "per step"; "-" for a bare number
    std::vector<std::string> choices;  ///< Choice
    bool advanced = false;             ///< behind "More"
};

OptionSpec intOption(std::string key, std::string label, std::int64_t fallback, std::int64_t min, std::int64_t max,
                     std::string unit, std::string help);
OptionSpec realOption(std::string key, std::string label, double fallback, double min, double max, std::string unit,
                      std::string help);
OptionSpec boolOption(std::string key, std::string label, bool fallback, std::string help);
OptionSpec choiceOption(std::string key, std::string label, std::string fallback, std::vector<std::string> choices,
                        std::string help);
OptionSpec textOption(std::string key, std::string label, std::string fallback, std::string help);
/// The same option, shown behind "More".
OptionSpec advanced(OptionSpec spec);

/// Checks type, range and choice. \returns InvalidInput that names the key, the value and what is allowed.
Result<Json> validateOption(const OptionSpec& spec, const Json& value);
/// Parses "12", "3e-4", "true", "bf16" for the spec's type, then validates.
Result<Json> parseOption(const OptionSpec& spec, std::string_view text);
/// All specs' fallbacks, overwritten by \p given after validation. Unknown keys are refused by name.
Result<Json> completeOptions(const std::vector<OptionSpec>& specs, const Json& given);

}  // namespace lathe
