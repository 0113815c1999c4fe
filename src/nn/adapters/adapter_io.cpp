// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// From a folder or a config to an adapter: every key of the config is known or refused by name.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "nn/adapters/adapter.h"
#include "nn/adapters/adapter_parts.h"
#include "nn/adapters/module_targets.h"
#include "nn/torch_guard.h"

namespace lathe::nn {

namespace {

constexpr const char* kFile = "adapter_config.json";

/// Whether a value says anything: null, false, "", 0, [] and {} do not.
bool isSet(const Json& value) {
    switch (value.type()) {
        case Json::value_t::null:
        case Json::value_t::discarded:
            return false;
        case Json::value_t::boolean:
            return value.get<bool>();
        case Json::value_t::string:
            return !value.get_ref<const std::string&>().empty();
        case Json::value_t::array:
        case Json::value_t::object:
            return !value.empty();
        default:
            return value.get<double>() != 0;
    }
}

Result<> checkKeys(const Json& config, const AdapterEntry& entry) {
    for (const auto& [key, value] : config.items())
        if (!entry.defaults.contains(key) && !isHarmlessKey(key) && isSet(value))
            return fail(ErrorCode::Unsupported,
                        fmt::format("{}: the option \"{}\" of {} is not one that this version does", kFile,
                                    key.substr(0, 80), entry.id));
    return {};
}

Result<const AdapterEntry*> findEntry(const AdapterRegistry& registry, const Json& config) {
    LATHE_TRY(const std::string type, jsonString(config, "peft_type", ""));
    if (const AdapterEntry* entry = registry.find(type))
        return entry;
    std::string known;
    for (const AdapterEntry& entry : registry.entries())
        known += (known.empty() ? "" : ", ") + entry.id;
    return fail(ErrorCode::Unsupported, fmt::format("{}: peft_type \"{}\" is not one that this version does ({})",
                                                    kFile, type.substr(0, 60), known));
}

const char* taskOf(Head head) {
    switch (head) {
        case Head::SequenceClassification:
            return "SEQ_CLS";
        case Head::TokenClassification:
            return "TOKEN_CLS";
        case Head::CausalLm:
            return "CAUSAL_LM";
        case Head::Seq2SeqLm:
            return "SEQ_2_SEQ_LM";
        case Head::MaskedLm:
            break;
    }
    return nullptr;
}

/// What PEFT's task classes add by themselves: a classifier that is as fresh as the adapter trains with it.
void addClassifier(Json& config) {
    const auto task = config.find("task_type");
    if (task == config.end() || !task->is_string() || (*task != "SEQ_CLS" && *task != "TOKEN_CLS"))
        return;
    Json& modules = config["modules_to_save"];
    if (!modules.is_array())
        modules = Json::array();
    for (const char* name : {"classifier", "score"})
        if (std::ranges::find(modules, Json(name)) == modules.end())
            modules.push_back(name);
}

/// The given keys over the kind's defaults, in the order of the alphabet, as PEFT writes them.
Json completed(const Json& config, const AdapterEntry& entry, const Network& network) {
    std::map<std::string, Json> all = {{"auto_mapping", nullptr}, {"base_model_name_or_path", ""},
                                       {"inference_mode", true},  {"modules_to_save", nullptr},
                                       {"peft_type", entry.id},   {"revision", nullptr},
                                       {"task_type", nullptr}};
    if (const char* task = taskOf(network.config().head))
        all["task_type"] = task;
    for (const Json& source : {entry.defaults, config})
        for (const auto& [key, value] : source.items())
            all[key] = value;
    Json result = Json::object();
    for (auto& [key, value] : all)
        result[key] = std::move(value);
    addClassifier(result);
    if (const auto targets = result.find("target_modules"); targets != result.end() && targets->is_null()) {
        const bool isIa3 = entry.defaults.contains("feedforward_modules");
        const UsualTargets usual =
            isIa3 ? usualIa3Targets(network.config().architecture) : usualTargets(network.config().architecture);
        *targets = usual.targets;
        if (isIa3 && result["feedforward_modules"].is_null())
            result["feedforward_modules"] = usual.feedForward;
    }
    return result;
}

std::vector<std::string> ignoredParts(const Network& network) {
    const ArchitectureRegistry registry = makeArchitectureRegistry();
    const ArchitectureEntry* entry = registry.find(network.config().architecture);
    std::vector<std::string> parts = entry ? entry->ignored : std::vector<std::string>();
    parts.emplace_back(".original_module.");  // older files hold the bare module's biases too
    return parts;
}

Result<std::shared_ptr<Adapter>> build(const std::shared_ptr<Network>& network, Json config, const AdapterEntry& entry,
                                       AdapterTensors tensors) {
    return guardTorch("making an adapter", [&]() -> Result<std::shared_ptr<Adapter>> {
        const ModuleIndex index(*network);
        LATHE_TRY(AdapterParts parts, entry.build({*network, index, config, tensors}));
        LATHE_CHECK(tensors.finish(ignoredParts(*network)));
        return std::make_shared<Adapter>(network, std::move(config), std::move(parts));
    });
}

torch::Device deviceOf(const Network& network) {
    const auto parameters = network.parameters();
    return parameters.empty() ? torch::Device(torch::kCPU) : parameters.front().device();
}

}  // namespace

bool isHarmlessKey(std::string_view key) {
    constexpr std::array<std::string_view, 16> kHarmless = {"auto_mapping",   "base_model_name_or_path",
                                                            "corda_config",   "eva_config",
                                                            "inference_mode", "loftq_config",
                                                            "lora_ga_config", "megatron_core",
                                                            "merge_weights",  "modules_to_save",
                                                            "peft_type",      "peft_version",
                                                            "revision",       "runtime_config",
                                                            "task_type",      "qalora_group_size"};
    return std::ranges::find(kHarmless, key) != kHarmless.end();
}

Result<Json> readAdapterConfig(const std::filesystem::path& folder) {
    auto config = readJsonFile(folder / kFile, 16u << 20);
    if (!config && config.error().code == ErrorCode::NotFound)
        return fail(ErrorCode::NotFound,
                    fmt::format("{} holds no {}; it is not an adapter's folder", folder.string(), kFile));
    if (config && (!config->is_object() || !config->contains("peft_type")))
        return fail(ErrorCode::Parse,
                    fmt::format("{} does not describe an adapter: it has no peft_type", (folder / kFile).string()));
    return config;
}

Result<std::shared_ptr<Adapter>> loadAdapter(const std::shared_ptr<Network>& network,
                                             const std::filesystem::path& folder) {
    LATHE_TRY(Json config, readAdapterConfig(folder));
    const AdapterRegistry registry = makeAdapterRegistry();
    LATHE_TRY(const AdapterEntry* entry, findEntry(registry, config));
    LATHE_CHECK(checkKeys(config, *entry));
    LATHE_TRY(AdapterTensors tensors, AdapterTensors::read(folder, deviceOf(*network)));
    return build(network, std::move(config), *entry, std::move(tensors));
}

Result<std::shared_ptr<Adapter>> makeAdapter(const std::shared_ptr<Network>& network, const Json& config,
                                             std::uint64_t seed) {
    if (!config.is_object())
        return fail(ErrorCode::InvalidInput, "an adapter's config must be a JSON object");
    const AdapterRegistry registry = makeAdapterRegistry();
    LATHE_TRY(const AdapterEntry* entry, findEntry(registry, config));
    LATHE_CHECK(checkKeys(config, *entry));
    return build(network, completed(config, *entry, *network), *entry, AdapterTensors::fresh(seed, deviceOf(*network)));
}

}  // namespace lathe::nn
