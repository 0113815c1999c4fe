// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Switching an adapter on and off, and writing it into the base's weights.
#include "nn/adapters/adapter.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/files.h"
#include "nn/adapters/adapter_parts.h"
#include "nn/torch_compat.h"
#include "nn/torch_guard.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

bool isSame(const Tensor& a, const Tensor& b) {
    return a.defined() && b.defined() && a.unsafeGetTensorImpl() == b.unsafeGetTensorImpl();
}

/// A weight of the base that a merge changes.
struct Change {
    std::string name;
    Tensor parameter, value;  ///< \p value is of the parameter's shape and type
};

/// New values under the parameters, whose identity stays: every layer that reads them sees the change.
void exchangeData(Tensor parameter, const Tensor& value) {
    const torch::NoGradGuard noGrad;
    parameter.set_data(value);
    bumpVersion(parameter);
}

Error isTied(const std::string& name) {
    return {
        ErrorCode::Unsupported,
        fmt::format("\"{}\" is tied to another layer of this model, and an adapter on one of the two cannot be merged "
                    "into both; keep the adapter beside the model",
                    name),
        {}};
}

class MergePlan {
public:
    explicit MergePlan(Network& network) : m_index(network) {}

    Result<> add(const std::string& name, const Tensor& value) {
        const ParameterSlot* slot = m_index.slot(name);
        TORCH_CHECK(slot, "no parameter ", name);
        if (!slot->registered.defined() || readers(slot->registered) > 1)
            return fail(isTied(name));
        if (!slot->registered.is_floating_point())
            return fail(ErrorCode::Unsupported,
                        fmt::format("\"{}\" is held in 8 bits, which an adapter cannot be merged into; load the model "
                                    "in another type",
                                    name));
        Change change = {name, slot->registered, value.to(slot->registered.scalar_type()).contiguous()};
        if (const auto found = std::ranges::find(m_changes, name, &Change::name); found != m_changes.end())
            *found = std::move(change);
        else
            m_changes.push_back(std::move(change));
        return {};
    }

    Result<> add(const AdapterLayer& layer, double strength) {
        const Linear* linear = layer.on.linear;
        const bool turned = linear && linear->layout == Linear::Layout::InOut;
        const Tensor own = current(layer.on.path + ".weight", layer.on.weight());
        const Tensor bias =
            linear && linear->bias.defined() ? current(layer.on.path + ".bias", linear->bias) : Tensor();
        LATHE_TRY(const MergedWeights merged, layer.adapter->merged(turned ? own.t() : own, bias, strength));
        LATHE_CHECK(add(layer.on.path + ".weight", turned ? merged.weight.t() : merged.weight));
        return merged.bias.defined() ? add(layer.on.path + ".bias", merged.bias) : Result<>();
    }

    const std::vector<Change>& changes() const { return m_changes; }

private:
    /// What a parameter will be after the changes so far, in float32.
    Tensor current(const std::string& name, const Tensor& base) const {
        const auto found = std::ranges::find(m_changes, name, &Change::name);
        return (found == m_changes.end() ? base.detach() : found->value).to(torch::kFloat32);
    }

    std::int64_t readers(const Tensor& parameter) const {
        return std::ranges::count_if(m_index.slots, [&](const ParameterSlot& slot) {
            return slot.member ? isSame(*slot.member, parameter) : isSame(slot.registered, parameter);
        });
    }

    ModuleIndex m_index;
    std::vector<Change> m_changes;
};

}  // namespace

Adapter::Adapter(std::shared_ptr<Network> network, Json config, AdapterParts parts)
    : m_network(std::move(network)),
      m_config(std::move(config)),
      m_parts(std::make_unique<AdapterParts>(std::move(parts))) {
    for (const AdapterTensor& tensor : m_parts->tensors)
        tensor.value.set_requires_grad(true);
}

Adapter::~Adapter() {
    detach();
    unmerge();
}

std::string Adapter::kind() const {
    return m_config.at("peft_type").get<std::string>();
}

NamedTensors Adapter::parameters() const {
    NamedTensors all;
    for (const AdapterTensor& tensor : m_parts->tensors)
        all.emplace_back(tensor.name, tensor.value);
    for (const AdapterOverride& change : m_parts->overrides)
        if (m_attached && !change.slot.member)
            all[change.tensor].second = change.slot.registered;
    return all;
}

std::int64_t Adapter::parameterCount() const {
    std::int64_t count = 0;
    for (const AdapterTensor& tensor : m_parts->tensors)
        count += tensor.value.numel();
    return count;
}

Result<> Adapter::checkUsable() const {
    if (m_final)
        return fail(ErrorCode::InvalidInput, "this adapter was merged into the model for good; load both again");
    return {};
}

Result<> Adapter::attach(double strength) {
    LATHE_CHECK(checkUsable());
    unmerge();
    detach();
    for (const AdapterOverride& change : m_parts->overrides)
        if (change.slot.member && change.slot.registered.defined() &&
            !isSame(*change.slot.member, change.slot.registered))
            return fail(ErrorCode::InvalidInput,
                        fmt::format("another active adapter stands in for \"{}\" already; use one "
                                    "of the two at a time",
                                    change.slot.name));
    const bool plain = !m_parts->virtualTokens && m_parts->overrides.empty();
    const VirtualTokens present = m_network->virtualTokens();
    if (m_parts->virtualTokens && present.promptLength() + present.pastLength() > 0)
        return fail(ErrorCode::InvalidInput,
                    "another active adapter puts its prompt in front already; use one at a time");
    if (strength != 1 && !plain)
        return fail(ErrorCode::Unsupported,
                    fmt::format("an adapter of the kind {} with prompts or modules of its own cannot "
                                "be scaled; use it whole",
                                kind()));
    for (const AdapterLayer& layer : m_parts->layers)
        if (!layer.adapter->setStrength(strength))
            return fail(ErrorCode::Unsupported, fmt::format("{} cannot be scaled; use it whole", kind()));
    freeze();
    for (const AdapterLayer& layer : m_parts->layers)
        layer.on.adapters().push_back(layer.adapter);
    for (AdapterOverride& change : m_parts->overrides) {
        if (change.slot.member) {
            change.original = *change.slot.member;
            *change.slot.member = standIn(change);
        } else {
            change.original = change.slot.registered.detach();
            exchangeData(change.slot.registered, standIn(change).detach());
            change.slot.registered.set_requires_grad(true);
        }
    }
    if (m_parts->virtualTokens)
        m_network->setVirtualTokens(m_parts->virtualTokens);
    m_attached = true;
    return {};
}

Result<> Adapter::attachToTrain() {
    m_trains = true;
    auto attached = attach();
    m_trains = false;
    return attached;
}

/// The base's type lets all layers run in one; the same tensor where that is float32.
Tensor Adapter::standIn(const AdapterOverride& change) const {
    const Tensor& own = m_parts->tensors[change.tensor].value;
    return m_trains ? own : own.to(change.original.scalar_type());
}

void Adapter::detach() {
    if (!m_attached)
        return;
    for (const AdapterLayer& layer : m_parts->layers)
        std::erase(layer.on.adapters(), std::static_pointer_cast<LayerAdapter>(layer.adapter));
    for (AdapterOverride& change : m_parts->overrides) {
        if (change.slot.member)
            *change.slot.member = change.original;
        else
            exchangeData(change.slot.registered, change.original);
        change.original = Tensor();
    }
    if (m_parts->virtualTokens)
        m_network->setVirtualTokens({});
    thaw();
    m_attached = false;
}

void Adapter::freeze() {
    m_wanted.clear();
    for (const Tensor& parameter : m_network->parameters()) {
        m_wanted.emplace_back(parameter, parameter.requires_grad());
        parameter.set_requires_grad(false);
    }
}

void Adapter::thaw() {
    for (const auto& [parameter, wanted] : m_wanted)
        parameter.set_requires_grad(wanted && parameter.is_floating_point());  // what became int8 learns no more
    m_wanted.clear();
}

bool Adapter::canMerge() const {
    return !m_parts->virtualTokens &&
           std::ranges::all_of(m_parts->layers, [](const AdapterLayer& layer) { return layer.adapter->canMerge(); });
}

Result<> Adapter::merge(double strength) {
    LATHE_CHECK(checkUsable());
    if (!canMerge())
        return fail(ErrorCode::Unsupported,
                    fmt::format("an adapter of the kind {} cannot be merged into weights; keep it "
                                "beside the model",
                                kind()));
    if (strength != 1 && !m_parts->overrides.empty())
        return fail(ErrorCode::Unsupported, "an adapter with modules of its own cannot be scaled; merge it whole");
    unmerge();
    detach();
    return guardTorch("merging an adapter", [&]() -> Result<> {
        const torch::NoGradGuard noGrad;
        MergePlan plan(*m_network);
        // Whole modules first: where biases train too, the layers' own additions come on top of them.
        for (const AdapterOverride& change : m_parts->overrides)
            LATHE_CHECK(plan.add(change.slot.name, m_parts->tensors[change.tensor].value));
        for (const AdapterLayer& layer : m_parts->layers)
            LATHE_CHECK(plan.add(layer, strength));
        for (const Change& change : plan.changes()) {
            m_undo.push_back(
                [parameter = change.parameter, base = change.parameter.detach()] { exchangeData(parameter, base); });
            exchangeData(change.parameter, change.value);
        }
        m_merged = true;
        return {};
    });
}

void Adapter::unmerge() {
    if (!m_merged)
        return;
    std::ranges::for_each(m_undo.rbegin(), m_undo.rend(), [](const auto& undo) { undo(); });
    m_undo.clear();
    m_merged = false;
}

void Adapter::keepMerged() {
    m_final = m_merged;
    m_merged = false;
    m_undo.clear();
}

Tensor Adapter::extraLoss() const {
    return m_parts->extraLoss ? m_parts->extraLoss() : Tensor();
}

void Adapter::afterStep(std::int64_t step) {
    if (m_parts->afterStep)
        m_parts->afterStep(step);
}

NamedTensors Adapter::state() const {
    NamedTensors all = parameters();
    if (m_parts->state) {
        const NamedTensors more = m_parts->state();
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

Result<> Adapter::loadState(const NamedTensors& state) {
    const std::map<std::string, Tensor> byName(state.begin(), state.end());
    const NamedTensors own = parameters();
    for (const auto& [name, parameter] : own) {
        const auto found = byName.find(name);
        if (found == byName.end() || found->second.sizes() != parameter.sizes())
            return fail(ErrorCode::InvalidInput,
                        fmt::format("the checkpoint's adapter does not fit this model: {} is missing or of another "
                                    "shape; start the run anew",
                                    name));
    }
    if (m_parts->loadState)
        LATHE_CHECK(m_parts->loadState(byName));
    const torch::NoGradGuard noGrad;
    for (const auto& [name, parameter] : own)
        Tensor(parameter).copy_(byName.at(name));
    return {};
}

Result<> Adapter::save(const std::filesystem::path& folder) const {
    LATHE_CHECK(makeFolder(folder));
    Json config = m_config;
    if (m_parts->describe)
        m_parts->describe(config);
    config["inference_mode"] = true;
    std::vector<AdapterTensor> tensors;
    LATHE_CHECK(guardTorch("saving an adapter", [&] {
        const torch::NoGradGuard noGrad;
        tensors = m_parts->saved ? m_parts->saved() : m_parts->tensors;
    }));
    // weights first: a folder with a config and no weights must not look whole
    LATHE_CHECK(writeAdapterTensors(folder / "adapter_model.safetensors", tensors));
    return writeJsonFile(folder / "adapter_config.json", config);
}

}  // namespace lathe::nn
