// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Adapter: a small set of tensors that changes what a frozen network computes, in PEFT's format. Kinds: one file each
// in adapters/ + one line in adapters/adapters.def. Thread: compute lane.
#pragma once

#include <torch/types.h>

#include <filesystem>
#include <memory>
#include <string>

#include "core/json.h"
#include "core/registry.h"
#include "core/result.h"
#include "nn/adapters/adapter_tensors.h"
#include "nn/network.h"

namespace lathe::nn {

struct AdapterParts;  // adapter_parts.h: what a kind is made of
struct AdapterOverride;

class Adapter {
public:
    Adapter(std::shared_ptr<Network> network, Json config, AdapterParts parts);
    ~Adapter();  ///< detaches and unmerges
    Adapter(const Adapter&) = delete;
    Adapter& operator=(const Adapter&) = delete;

    std::string kind() const;                        ///< peft_type: "LORA"
    const Json& config() const { return m_config; }  ///< adapter_config.json
    /// What trains, under PEFT's names. They are leaves that want gradients; the same tensors for as long as the
    /// adapter is attached.
    NamedTensors parameters() const;
    std::int64_t parameterCount() const;

    /// From now on the network computes with the adapter. Nothing of the base is copied or written; its parameters stop
    /// asking for gradients until detach(). \p strength scales what is added. \returns Unsupported when the kind cannot
    /// be scaled, InvalidInput when another attached adapter stands in for the same parameters.
    Result<> attach(double strength = 1);
    /// attach(), with the adapter's own tensors in float32 where they stand in for parameters of a narrower base, so
    /// that what the optimizer changes is what the network reads.
    Result<> attachToTrain();
    void detach();
    bool isAttached() const { return m_attached; }

    /// Writes the adapter into the base's weights, so that it costs nothing more to run; detaches first. The weights
    /// are computed in float32 and rounded once to the base's type; those that change are kept, and unmerge() puts
    /// exactly these bytes back. \returns Unsupported naming what cannot be expressed as weights (prompts, bottlenecks,
    /// one of two tied layers); nothing is changed then.
    Result<> merge(double strength = 1);
    void unmerge();
    /// Makes a merge final: the old weights' memory is free, the adapter cannot be used again.
    void keepMerged();
    bool isMerged() const { return m_merged; }
    bool canMerge() const;

    /// What the kind adds to the loss while training (AdaLoRA's orthogonality); undefined = nothing.
    torch::Tensor extraLoss() const;
    /// After the optimizer's step \p step, counted from 1, before gradients are cleared (AdaLoRA's budget).
    void afterStep(std::int64_t step);

    /// All that training goes on from: the live parameters() and what the kind has learnt besides them. The files that
    /// save() writes are for use; they may keep less (P-tuning's encoder, AdaLoRA's importances).
    NamedTensors state() const;
    /// \returns InvalidInput when a name or a shape differs; nothing is changed then.
    Result<> loadState(const NamedTensors& state);

    /// adapter_config.json and adapter_model.safetensors, as PEFT reads them.
    Result<> save(const std::filesystem::path& folder) const;

private:
    Result<> checkUsable() const;
    void freeze();
    void thaw();
    torch::Tensor standIn(const AdapterOverride& change) const;

    std::shared_ptr<Network> m_network;
    Json m_config;
    std::unique_ptr<AdapterParts> m_parts;
    std::vector<std::pair<torch::Tensor, bool>> m_wanted;  ///< the base's parameters and whether they wanted gradients
    std::vector<std::function<void()>> m_undo;             ///< of a merge, last first
    bool m_attached = false, m_merged = false, m_final = false, m_trains = false;
};

struct AdapterEntry;
using AdapterRegistry = Registry<AdapterEntry>;
AdapterRegistry makeAdapterRegistry();

/// An adapter's folder (adapter_config.json, adapter_model.safetensors) for that network; it is not attached yet.
/// \returns NotFound, Parse, Unsupported (a kind or an option that this version does not do, by name), InvalidInput
/// (tensors or targets that do not fit: names them).
Result<std::shared_ptr<Adapter>> loadAdapter(const std::shared_ptr<Network>& network,
                                             const std::filesystem::path& folder);
/// A fresh one as PEFT initialises it (not while UnsetWeights lives: then only its shapes count), which changes nothing
/// yet (prompts and prefixes excepted). \p config: peft_type and whatever is not as usual.
Result<std::shared_ptr<Adapter>> makeAdapter(const std::shared_ptr<Network>& network, const Json& config,
                                             std::uint64_t seed);
/// The folder's adapter_config.json, checked to be one.
Result<Json> readAdapterConfig(const std::filesystem::path& folder);

}  // namespace lathe::nn
