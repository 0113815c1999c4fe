// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Flags that several commands share, and flags made from OptionSpecs.
#pragma once

#include <string>
#include <vector>

#include "cli/console.h"
#include "core/option_spec.h"
#include "infer/text_model.h"

namespace CLI {
class App;
}

namespace lathe::cli {

/// --device and --threads, on every command that computes.
struct ComputeFlags {
    std::string device = "auto";
    int threads = 0;
    bool deviceGiven = false;

    void define(CLI::App& app);
    /// Sets the calling thread's torch and BLAS threads; call before any model is loaded.
    void apply() const;
};

/// --weights float32 | bf16 | int8, on the commands that generate.
struct WeightFlag {
    infer::WeightType type = infer::WeightType::Float32;

    void define(CLI::App& app);
};

/// --adapter DIR | NAME=DIR | DIR@STRENGTH, repeatable: adapters on the model.
struct AdapterFlags {
    std::vector<std::string> given;

    void define(CLI::App& app);
    /// The folders, names and strengths that were given.
    std::vector<infer::AdapterChoice> choices() const;
};

/// A flag for each spec: "max_new_tokens" -> --max-new-tokens. Values are checked while parsing, so that a wrong one is
/// wrong usage (status 2).
class SpecFlags {
public:
    explicit SpecFlags(std::vector<OptionSpec> specs) : m_specs(std::move(specs)) {}
    void define(CLI::App& app);
    /// Only what was given.
    const Json& given() const { return m_given; }

private:
    std::vector<OptionSpec> m_specs;
    Json m_given = Json::object();
};

/// "how many tokens at most (1 to 4096 tokens; 128)": range, choices, unit and default of a spec in one line.
std::string describeSpec(const OptionSpec& spec);
Json toJson(const OptionSpec& spec);

/// One "key=value" of --set into \p options. \returns InvalidInput that names the nearest key, or what is allowed.
Result<> setOption(const std::vector<OptionSpec>& specs, const std::string& keyAndValue, Json& options);

}  // namespace lathe::cli
