// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/weight_names.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "nn/blocks/linear.h"
#include "nn/int8_weights.h"

namespace lathe::nn {

namespace {

/// What data-parallel, compiled, sharded and Lightning training put in front of names, or into them.
constexpr std::string_view kWrappers[] = {"module.", "model.", "transformer.", "base_model."};
constexpr std::string_view kInsertions[] = {"_orig_mod.", "_fsdp_wrapped_module.", "_checkpoint_wrapped_module.",
                                            "_forward_module."};

void removeAll(std::string& name, std::string_view part) {
    for (auto at = name.find(part); at != std::string::npos; at = name.find(part, at))
        name.erase(at, part.size());
}

/// TensorFlow's names of what norms multiply with and add.
std::optional<std::string> withoutGreek(const std::string& name) {
    if (name.ends_with(".gamma"))
        return name.substr(0, name.size() - 5) + "weight";
    if (name.ends_with(".beta"))
        return name.substr(0, name.size() - 4) + "bias";
    return std::nullopt;
}

/// The name in all spellings, the most literal first.
std::vector<std::string> spellings(const std::string& name, const ArchitectureEntry& entry) {
    std::vector<std::string> forms = {name};
    std::string bare = name;
    for (const std::string_view part : kInsertions)
        removeAll(bare, part);
    for (bool stripped = bare != name;; stripped = false) {
        if (stripped)
            forms.push_back(bare);
        const auto wrapper = std::ranges::find_if(kWrappers, [&](auto prefix) { return bare.starts_with(prefix); });
        if (wrapper == std::end(kWrappers))
            break;
        bare.erase(0, wrapper->size());
        forms.push_back(bare);
    }
    const auto addAll = [&forms](auto&& change) {
        for (std::size_t i = 0, count = forms.size(); i < count; ++i)
            if (auto changed = change(forms[i]))
                forms.push_back(std::move(*changed));
    };
    addAll(withoutGreek);
    for (const auto& rename : entry.renames)
        addAll([&from = rename.first, &to = rename.second](const std::string& form) -> std::optional<std::string> {
            const auto at = form.find(from);
            if (from.empty() || at == std::string::npos)
                return std::nullopt;
            return form.substr(0, at) + to + form.substr(at + from.size());
        });
    if (!entry.basePrefix.empty())
        addAll([&](const std::string& form) { return std::optional(entry.basePrefix + form); });
    return forms;
}

struct Meaning {
    std::string weight;
    std::size_t rank = 0;  ///< 0 = literally so
    std::string alias;     ///< the name of a shared tensor, when it is one
};

std::optional<Meaning> meaningOf(const std::vector<std::string>& forms, const NetworkWeights& weights) {
    for (std::size_t rank = 0; rank < forms.size(); ++rank) {
        const std::string& form = forms[rank];
        if (weights.parameters.contains(form) || weights.buffers.contains(form))
            return Meaning{form, rank, {}};
        if (const auto alias = weights.aliases.find(form); alias != weights.aliases.end())
            return Meaning{alias->second, rank, form};
    }
    return std::nullopt;
}

void sortUnknown(const std::string& name, const std::vector<std::string>& forms, const WeightsReader& reader,
                 const ArchitectureEntry& entry, WeightPlan& plan) {
    const auto isIgnored = [&](const std::string& part) { return name.find(part) != std::string::npos; };
    if (std::ranges::any_of(entry.ignored, isIgnored) || isInt8Companion(reader, name))
        return;
    const bool isHead =
        std::ranges::any_of(forms, [&](const std::string& form) { return startsWithAny(form, entry.headPrefixes); });
    (isHead ? plan.leftOut : plan.unexpected).push_back(name);
}

}  // namespace

bool startsWithAny(const std::string& name, const std::vector<std::string>& prefixes) {
    return std::ranges::any_of(prefixes, [&](const std::string& prefix) { return name.starts_with(prefix); });
}

NetworkWeights::NetworkWeights(const Network& network, const ArchitectureEntry& entry) {
    std::map<const void*, std::string> nameOf;
    for (const auto& item : network.named_parameters()) {
        parameters[item.key()] = item.value();
        nameOf.try_emplace(item.value().unsafeGetTensorImpl(), item.key());
    }
    for (const auto& item : network.named_buffers())
        buffers[item.key()] = item.value();
    for (const auto& item : network.named_modules()) {
        const auto* linear = dynamic_cast<const Linear*>(item.value().get());
        if (!linear || item.key().empty())
            continue;
        const auto note = [&](const char* member, const torch::Tensor& tensor) {
            const std::string name = item.key() + "." + member;
            if (!tensor.defined() || parameters.contains(name))
                return;
            if (const auto owner = nameOf.find(tensor.unsafeGetTensorImpl()); owner != nameOf.end())
                aliases[name] = owner->second;
        };
        note("weight", linear->weight);
        note("bias", linear->bias);
        if (linear->layout == Linear::Layout::InOut)
            isTransposed[item.key() + ".weight"] = true;
    }
    for (const auto& [copy, source] : entry.tiedCopies)
        if (!parameters.contains(copy) && parameters.contains(source))
            aliases[copy] = source;
}

WeightPlan planWeights(const NetworkWeights& weights, const WeightsReader& reader, const ArchitectureEntry& entry) {
    WeightPlan plan;
    struct Chosen {
        Meaning meaning;
        std::string source;
    };
    std::map<std::string, std::vector<Chosen>> candidates;
    for (const auto& [name, info] : reader.tensors()) {
        const auto forms = spellings(name, entry);
        if (auto meaning = meaningOf(forms, weights))
            candidates[meaning->weight].push_back({std::move(*meaning), name});
        else
            sortUnknown(name, forms, reader, entry, plan);
    }
    for (auto& [weight, found] : candidates) {
        const auto best = std::ranges::min_element(found, {}, [](const Chosen& one) {
            return std::tuple(!one.meaning.alias.empty(), one.meaning.rank, std::string_view(one.source));
        });
        plan.sourceOf[weight] = best->source;
        for (const Chosen& one : found)
            if (one.source != best->source)
                plan.copies.push_back({one.source, weight, one.meaning.alias});
    }
    for (const auto& [name, parameter] : weights.parameters)
        if (!plan.sourceOf.contains(name))
            plan.missing.push_back(name);
    return plan;
}

}  // namespace lathe::nn
