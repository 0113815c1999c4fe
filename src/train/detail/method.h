// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Method: what of a network a run trains, and how the network is prepared for it.
// A method is one file in methods/ and one line in methods/methods.def.
// Thread: compute lane.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/option_spec.h"
#include "core/registry.h"
#include "nn/adapters/adapter.h"
#include "nn/network.h"
#include "train/catalog.h"

namespace lathe::train {

struct MethodSetup {
    std::shared_ptr<nn::Network> network;  ///< as training starts from it, on its device
    std::uint64_t seed = 42;               ///< of what the method adds
    std::int64_t totalSteps = 0;           ///< of the training: what a method lays out over time
};

/// What becomes of the weights that a run starts from.
enum class BaseWeights {
    Trained,     ///< some or all of them change: float32, saved whole
    Frozen,      ///< an adapter trains beside them: in the type that products run in, never saved again
    FrozenInt8,  ///< the same, linear layers as int8 with a scale for each row
};

class Method {
public:
    virtual ~Method() = default;
    virtual BaseWeights baseWeights() const { return BaseWeights::Trained; }
    /// Positions that a text loses to what the method puts in front of it.
    virtual std::int64_t virtualTokens() const { return 0; }
    /// Sets requires_grad on every parameter, or adds what trains. Called once, before the optimizer is made.
    /// \returns InvalidInput when the network has nothing that the method could train, Unsupported.
    virtual Result<> prepare(const MethodSetup& setup) = 0;
    /// What trains, under names that stay the same over stop and resume: the network's, or PEFT's for an adapter's.
    virtual nn::NamedTensors parameters() const = 0;
    /// What trains beside the network; nullptr: the network itself does. Attached since prepare().
    virtual std::shared_ptr<nn::Adapter> adapter() const { return nullptr; }
};

/// A method that trains some of the network's own parameters.
class OwnWeightsMethod : public Method {
public:
    Result<> prepare(const MethodSetup& setup) final;
    nn::NamedTensors parameters() const final { return trainableParameters(*m_network); }

    static nn::NamedTensors trainableParameters(const nn::Network& network);

protected:
    /// Whether the parameter of that name trains.
    virtual bool trains(const nn::NetworkConfig& config, const std::string& name) const = 0;
    /// Why a network of which nothing trains cannot be trained, and what to choose in its place.
    virtual std::string nothingTrains(const nn::NetworkConfig& config) const = 0;

private:
    std::shared_ptr<nn::Network> m_network;
};

struct MethodEntry {
    std::string id;
    std::string title;
    std::string help;
    std::string source;
    std::vector<OptionSpec> options;
    std::function<std::unique_ptr<Method>(const Json& options)> make;
    /// The learning rate when none is set: so many times that of training all weights ...
    double rateFactor = 1;
    double rate = 0;  ///< ... or this one; 0 = by the factor
    /// Whether a network of that config can be trained so; empty = any.
    std::function<bool(const nn::NetworkConfig& config)> fits = {};
};
using MethodRegistry = Registry<MethodEntry>;
MethodRegistry makeMethodRegistry();

/// The ids of the methods that fit a network, in the order of the registry.
std::vector<std::string> methodsFor(const nn::NetworkConfig& config);
/// The number of the layer that a parameter belongs to ("bert.encoder.layer.3.output.dense.weight" -> 3), -1 = none.
std::int64_t layerOfParameter(std::string_view name);
/// Whether a parameter belongs to the task's head: classifier, pooler, or an output matrix of its own.
bool isHeadParameter(std::string_view name);

}  // namespace lathe::train
