// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Base parameters that an adapter brings its own copy of: modules_to_save, biases, targeted embeddings' own weights.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "nn/adapters/adapter_parts.h"
#include "nn/adapters/module_targets.h"
#include "nn/config_reader.h"

namespace lathe::nn {

namespace {

class Overrides {
public:
    Overrides(const AdapterBuild& build, const std::string& prefix, AdapterParts& parts)
        : m_build(build), m_prefix(prefix), m_parts(parts) {
        for (const AdapterLayer& layer : parts.layers)
            m_targets.insert(layer.on.path);
    }

    Result<> addModules() {
        LATHE_TRY(const auto modules, findModulesToSave(m_build.index, m_build.config));
        for (const std::string& module : modules)
            for (const ParameterSlot& slot : m_build.index.slots) {
                if (!slot.name.starts_with(module + "."))
                    continue;
                const std::string leaf = slot.name.substr(module.size());
                add(slot, m_prefix + slot.name, {}, m_prefix + module + ".modules_to_save.default" + leaf);
            }
        return {};
    }

    Result<> addBiases() {
        ConfigReader reader(m_build.config, {}, "adapter_config.json");
        const std::string bias = reader.text("bias", "none");
        LATHE_CHECK(reader.problem());
        if (bias == "none")
            return {};
        if (bias != "all" && bias != "lora_only")
            return fail(ErrorCode::Unsupported,
                        fmt::format("adapter_config.json: bias \"{}\" is not known (none, all, lora_only)",
                                    bias.substr(0, 60)));
        for (const ParameterSlot& slot : m_build.index.slots) {
            const std::string layer = slot.name.substr(0, slot.name.rfind('.'));
            const bool isTarget = m_targets.contains(layer);
            const bool wanted =
                bias == "all" ? slot.name.find("bias") != std::string::npos : isTarget && slot.name.ends_with(".bias");
            if (!wanted || !slot.registered.defined() || m_seen.contains(slot.name))
                continue;
            const std::string key = m_prefix + (isTarget ? layer + ".base_layer.bias" : slot.name);
            const std::string older = m_prefix + slot.name;
            // PEFT does not write the biases of "lora_only": what is not there is the base's.
            const bool absent = !m_build.tensors.isFresh() && !m_build.tensors.has(key) && !m_build.tensors.has(older);
            if (bias == "all" || !absent)
                add(slot, key, older, key);
        }
        return {};
    }

    /// Where embeddings are targets, PEFT saves the base's weights beside their adapters; they count.
    void addTargetWeights() {
        for (const AdapterLayer& layer : m_parts.layers) {
            const std::string key = m_prefix + layer.on.path + ".base_layer.weight";
            const ParameterSlot* slot = m_build.index.slot(layer.on.path + ".weight");
            if (slot && m_build.tensors.has(key))
                add(*slot, key, {}, key);
        }
    }

private:
    void add(const ParameterSlot& slot, const std::string& key, const std::string& older, const std::string& name) {
        if (!m_seen.insert(slot.name).second)
            return;
        const torch::Tensor base = slot.member ? *slot.member : slot.registered;
        const auto copy = [&](torch::Tensor& value, torch::Generator&) { value.copy_(base); };
        AdapterTensor tensor = older.empty() ? m_build.tensors.take(key, name, base.sizes().vec(), copy)
                                             : m_build.tensors.takeEither(key, older, name, base.sizes().vec(), copy);
        m_parts.add(std::move(tensor));
        m_parts.overrides.push_back({slot, m_parts.tensors.size() - 1, {}});
    }

    const AdapterBuild& m_build;
    const std::string& m_prefix;
    AdapterParts& m_parts;
    std::set<std::string> m_targets, m_seen;
};

}  // namespace

Result<> addOverrides(const AdapterBuild& build, const std::string& prefix, AdapterParts& parts) {
    Overrides overrides(build, prefix, parts);
    LATHE_CHECK(overrides.addModules());
    LATHE_CHECK(overrides.addBiases());
    overrides.addTargetWeights();
    return {};
}

}  // namespace lathe::nn
