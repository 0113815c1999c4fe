// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Name ends are compared with a dot in front of them; patterns must fit the whole path, as re.fullmatch has it.
#include "nn/adapters/module_targets.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

namespace lathe::nn {

namespace {

constexpr std::size_t kMostNames = 100'000;

bool endsWithName(const std::string& path, const std::string& name) {
    return path == name || path.ends_with("." + name);
}

/// The value of a key that is not null, not "" and not empty.
const Json* given(const Json& config, const char* key) {
    const auto found = config.find(key);
    if (found == config.end() || found->is_null() || (found->is_string() && found->get<std::string>().empty()) ||
        ((found->is_array() || found->is_object()) && found->empty()))
        return nullptr;
    return &*found;
}

Result<std::vector<std::string>> namesOf(const Json& value, const char* key) {
    std::vector<std::string> names;
    bool valid = value.is_array() && value.size() <= kMostNames;
    for (std::size_t i = 0; valid && i < value.size(); ++i) {
        valid = value[i].is_string() && !value[i].get<std::string>().empty();
        if (valid)
            names.push_back(value[i].get<std::string>());
    }
    if (!valid)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("adapter_config.json: {} must be a text or a list of names", key));
    return names;
}

Result<PythonPattern> compilePattern(std::string_view pattern, const char* key) {
    auto compiled = PythonPattern::compile(pattern);
    if (!compiled)
        return fail(compiled.error().code, fmt::format("adapter_config.json: {}: {}", key, compiled.error().message));
    return compiled;
}

Error tooSlow(const char* key) {
    return {ErrorCode::InvalidInput,
            fmt::format("adapter_config.json: the pattern in {} takes too long; simplify it", key),
            {}};
}

/// A list of name ends, or a pattern for whole names.
class NameRule {
public:
    static Result<NameRule> read(const Json& config, const char* key) {
        NameRule rule;
        rule.m_key = key;
        const Json* value = given(config, key);
        if (!value)
            return rule;
        rule.m_given = true;
        if (value->is_string()) {
            LATHE_TRY(rule.m_pattern, compilePattern(value->get<std::string>(), key));
        } else {
            LATHE_TRY(rule.m_names, namesOf(*value, key));
        }
        return rule;
    }
    bool isGiven() const { return m_given; }
    bool isPattern() const { return m_pattern.has_value(); }
    bool isExact(const std::string& path) const { return std::ranges::find(m_names, path) != m_names.end(); }
    Result<bool> matches(const std::string& path) {
        if (!m_pattern)
            return std::ranges::any_of(m_names, [&](const std::string& name) { return endsWithName(path, name); });
        const bool matched = m_pattern->matchesAll(path);
        if (m_pattern->timedOut())
            return fail(tooSlow(m_key));
        return matched;
    }

private:
    const char* m_key = "";
    bool m_given = false;
    std::vector<std::string> m_names;
    std::optional<PythonPattern> m_pattern;
};

/// Everything at or below a module of modules_to_save belongs to that one alone.
Result<std::vector<PythonPattern>> savedPatterns(const Json& config) {
    std::vector<PythonPattern> patterns;
    const Json* value = given(config, "modules_to_save");
    if (!value)
        return patterns;
    LATHE_TRY(const auto names, namesOf(*value, "modules_to_save"));
    for (const std::string& name : names) {
        LATHE_TRY(auto pattern, compilePattern(fmt::format(R"((^|.*\.)(?:{})($|\..*))", name), "modules_to_save"));
        patterns.push_back(std::move(pattern));
    }
    return patterns;
}

std::string lowered(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

std::string textOf(const Json& config, const char* key) {
    const auto found = config.find(key);
    return found != config.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Error noTarget(const ModuleIndex& index, const Json& config) {
    std::set<std::string> ends;
    for (const AdaptableLayer& layer : index.layers)
        ends.insert(layer.path.substr(layer.path.rfind('.') + 1));
    return {
        ErrorCode::InvalidInput,
        fmt::format("adapter_config.json: target_modules {} names no layer of this model; it has {}. The adapter was "
                    "made for another model, or the names are wrong",
                    toLine(config.contains("target_modules") ? config["target_modules"] : Json()).substr(0, 200),
                    fmt::join(ends, ", ")),
        {}};
}

}  // namespace

Result<LayerRule> LayerRule::read(const Json& config) {
    LayerRule rule;
    const Json* layers = given(config, "layers_to_transform");
    if (!layers)
        return rule;
    rule.m_given = true;
    for (const Json& number : layers->is_array() ? *layers : Json::array({*layers})) {
        if (!number.is_number_integer())
            return fail(ErrorCode::InvalidInput, "adapter_config.json: layers_to_transform must hold layer numbers");
        rule.m_layers.insert(number.get<std::int64_t>());
    }
    std::vector<std::string> patterns = {"[^.]*"};
    if (const Json* pattern = given(config, "layers_pattern")) {
        LATHE_TRY(patterns, namesOf(pattern->is_string() ? Json::array({*pattern}) : *pattern, "layers_pattern"));
    }
    for (const std::string& pattern : patterns) {
        LATHE_TRY(auto compiled, compilePattern(fmt::format(R"(.*?\.(?:{})\.(\d+)\.)", pattern), "layers_pattern"));
        rule.m_patterns.push_back(std::move(compiled));
    }
    return rule;
}

bool LayerRule::allows(const std::string& path) {
    if (!m_given)
        return true;
    for (PythonPattern& pattern : m_patterns) {
        std::string number;
        if (!pattern.matchesStart(path, &number))
            continue;
        std::int64_t layer = -1;
        std::from_chars(number.data(), number.data() + number.size(), layer);
        return m_layers.contains(layer);
    }
    return false;
}

Result<std::vector<AdaptableLayer>> findTargets(const ModuleIndex& index, const Json& config) {
    LATHE_TRY(auto excluded, NameRule::read(config, "exclude_modules"));
    LATHE_TRY(auto saved, savedPatterns(config));
    LATHE_TRY(auto layerRule, LayerRule::read(config));
    const std::string task = textOf(config, "task_type");
    const bool all = lowered(textOf(config, "target_modules")) == "all-linear";
    NameRule targets;
    if (!all) {
        LATHE_TRY(targets, NameRule::read(config, "target_modules"));
        if (!targets.isGiven())
            return fail(noTarget(index, config));
    }
    std::vector<AdaptableLayer> found;
    std::string elsewhere;
    for (const std::string& path : index.paths) {
        LATHE_TRY(const bool out, excluded.matches(path));
        if (out || std::ranges::any_of(saved, [&](PythonPattern& pattern) { return pattern.matchesStart(path); }))
            continue;
        const AdaptableLayer* layer = index.layer(path);
        bool wanted = all && layer && layer->linear && !isOutputLayer(path, task);
        if (!all) {
            LATHE_TRY(wanted, targets.matches(path));
            // a pattern says all by itself, and so does a whole path
            wanted = wanted && (targets.isPattern() || targets.isExact(path) || layerRule.allows(path));
        } else {
            wanted = wanted && layerRule.allows(path);
        }
        if (wanted && !layer)
            elsewhere = path;
        else if (wanted)
            found.push_back(*layer);
    }
    if (found.empty() && !elsewhere.empty())
        return fail(ErrorCode::Unsupported,
                    fmt::format("adapter_config.json: target_modules names \"{}\", which is neither a linear nor an "
                                "embedding layer; name the layers in it",
                                elsewhere));
    if (found.empty())
        return fail(noTarget(index, config));
    return found;
}

Result<std::vector<std::string>> findModulesToSave(const ModuleIndex& index, const Json& config) {
    std::vector<std::string> found;
    const Json* value = given(config, "modules_to_save");
    if (!value)
        return found;
    LATHE_TRY(const auto names, namesOf(*value, "modules_to_save"));
    for (const std::string& path : index.paths) {
        const bool inside =
            std::ranges::any_of(found, [&](const auto& outer) { return path.starts_with(outer + "."); });
        if (!inside && std::ranges::any_of(names, [&](const std::string& name) { return path.ends_with(name); }))
            found.push_back(path);
    }
    return found;
}

Result<double> patternValue(const Json& config, const char* key, const std::string& path, double fallback) {
    const Json* patterns = given(config, key);
    if (!patterns)
        return fallback;
    if (!patterns->is_object() || patterns->size() > kMostNames)
        return fail(ErrorCode::InvalidInput, fmt::format("adapter_config.json: {} must map names to numbers", key));
    for (const auto& [name, value] : patterns->items()) {
        LATHE_TRY(auto pattern, compilePattern(fmt::format(R"((.*\.)?({})$)", name), key));
        if (!pattern.matchesStart(path)) {
            if (pattern.timedOut())
                return fail(tooSlow(key));
            continue;
        }
        if (!value.is_number())
            return fail(ErrorCode::InvalidInput,
                        fmt::format("adapter_config.json: {} gives \"{}\" no number", key, name.substr(0, 100)));
        return value.get<double>();
    }
    return fallback;
}

Result<bool> namesModule(const Json& config, const char* key, const std::string& path) {
    const Json* value = given(config, key);
    if (!value)
        return false;
    if (value->is_string()) {
        LATHE_TRY(auto pattern, compilePattern(value->get<std::string>(), key));
        return pattern.matchesAll(path);
    }
    LATHE_TRY(const auto names, namesOf(*value, key));
    return std::ranges::any_of(names, [&](const std::string& name) { return path.ends_with(name); });
}

namespace {

struct Known {
    std::string_view architecture;
    UsualTargets usual;
};

UsualTargets find(const std::vector<Known>& all, const std::string& architecture, UsualTargets others) {
    const auto found = std::ranges::find(all, architecture, &Known::architecture);
    return found == all.end() ? std::move(others) : found->usual;
}

}  // namespace

UsualTargets usualTargets(const std::string& architecture) {
    static const std::vector<Known> kUsual = {
        {"bert", {{"query", "value"}, {}}},
        {"roberta", {{"query", "value"}, {}}},
        {"xlm-roberta", {{"query", "value"}, {}}},
        {"electra", {{"query", "value"}, {}}},
        {"albert", {{"query", "value"}, {}}},
        {"distilbert", {{"q_lin", "v_lin"}, {}}},
        {"deberta-v2", {{"query_proj", "value_proj"}, {}}},
        {"gpt2", {{"c_attn"}, {}}},
        {"gpt_neox", {{"query_key_value"}, {}}},
        {"phi3", {{"qkv_proj"}, {}}},
        {"t5", {{"q", "v"}, {}}},
        {"mt5", {{"q", "v"}, {}}},
    };
    return find(kUsual, architecture, {{"q_proj", "v_proj"}, {}});
}

UsualTargets usualIa3Targets(const std::string& architecture) {
    static const std::vector<Known> kUsual = {
        {"bert", {{"key", "value", "output.dense"}, {"output.dense"}}},
        {"roberta", {{"key", "value", "output.dense"}, {"output.dense"}}},
        {"xlm-roberta", {{"key", "value", "output.dense"}, {"output.dense"}}},
        {"electra", {{"key", "value", "output.dense"}, {"output.dense"}}},
        {"albert", {{"key", "value", "ffn_output"}, {"ffn_output"}}},
        {"distilbert", {{"k_lin", "v_lin", "lin2"}, {"lin2"}}},
        {"deberta-v2", {{"key_proj", "value_proj", "output.dense"}, {"output.dense"}}},
        {"gpt2", {{"c_attn", "mlp.c_proj"}, {"mlp.c_proj"}}},
        {"gpt_neox", {{"query_key_value", "dense_4h_to_h"}, {"dense_4h_to_h"}}},
        {"phi3", {{"qkv_proj", "down_proj"}, {"down_proj"}}},
        {"t5", {{"k", "v", "wo"}, {"wo"}}},
        {"mt5", {{"k", "v", "wo"}, {"wo"}}},
        {"bart", {{"k_proj", "v_proj", "fc2"}, {"fc2"}}},
        {"mbart", {{"k_proj", "v_proj", "fc2"}, {"fc2"}}},
    };
    return find(kUsual, architecture, {{"k_proj", "v_proj", "down_proj"}, {"down_proj"}});
}

}  // namespace lathe::nn
