// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Optimizer: what turns gradients into changed weights. An optimizer is one file in optimizers/ and one line in
// optimizers/optimizers.def.
// Thread: compute lane.
#pragma once

#include <torch/types.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/option_spec.h"
#include "core/registry.h"
#include "core/result.h"

namespace lathe::nn {

/// One tensor to train, and what sets it apart from the others.
struct OptimizerParameter {
    std::string name;
    torch::Tensor tensor;
    double weightDecay = 0;
    double rateFactor = 1;  ///< its learning rate is this times the step's
};

/// Keeps float32 weights; parameters without a gradient are left alone by a step.
class Optimizer {
public:
    using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

    virtual ~Optimizer() = default;

    /// L2 norm over all gradients.
    double gradNorm() const;
    /// One update; gradients count \p clipScale times themselves (1 = as they are).
    void step(double lr, double clipScale = 1.0);
    /// The usual clipping factor: min(1, maxNorm / (norm + 1e-6)); 1 when \p maxNorm is 0 or less.
    static double clipScale(double norm, double maxNorm);
    void zeroGrad();

    std::int64_t steps() const { return m_steps; }
    /// "step" [1] int64, then per parameter what the optimizer remembers ("m.NAME", "v.NAME"); the tensors are the
    /// live ones.
    NamedTensors state() const;
    /// Takes what it knows and leaves the rest. \returns InvalidInput when a name is missing or a shape or type
    /// differs; nothing is changed then.
    Result<> loadState(const NamedTensors& state);

protected:
    struct Slot {
        std::string name;
        torch::Tensor parameter;
        NamedTensors memory;  ///< {"m", tensor}, ...: the same kinds in the same order for slots of the same shape
        double decay = 0;
        double rate = 1;

        const torch::Tensor& kept(std::size_t kind) const { return memory[kind].second; }
    };
    struct Work {
        const Slot* slot;
        torch::Tensor grad;  ///< float32, contiguous where the parameter is on the CPU
    };

    /// What the optimizer remembers of a parameter, before the first step.
    using Memory = std::function<NamedTensors(const torch::Tensor& parameter)>;
    /// Parameters that need no gradient are left out. \throws c10::Error unless they are float32 and contiguous.
    Optimizer(std::vector<OptimizerParameter> parameters, const Memory& memory);

    /// All parameters on the CPU that have a gradient; steps() counts this step already.
    virtual void update(const std::vector<Work>& work, double lr, double clipScale) = 0;
    /// One parameter on another device.
    virtual void updateByTorch(const Slot& slot, const torch::Tensor& grad, double lr, double clipScale) = 0;

    /// Calls \p function(work, begin, end) for pieces of all tensors' elements, spread over the threads so that they
    /// share big and small tensors evenly.
    static void forPieces(const std::vector<Work>& work,
                          const std::function<void(const Work&, std::int64_t, std::int64_t)>& function);

private:
    std::vector<Slot> m_slots;
    std::int64_t m_steps = 0;
};

struct OptimizerEntry {
    std::string id;  ///< "adamw"
    std::string title;
    std::string help;
    std::string source;  ///< paper
    std::vector<OptionSpec> options;
    /// \p options: every key of the entry's, checked.
    std::function<std::unique_ptr<Optimizer>(std::vector<OptimizerParameter> parameters, const Json& options)> make;
};
using OptimizerRegistry = Registry<OptimizerEntry>;
OptimizerRegistry makeOptimizerRegistry();

}  // namespace lathe::nn
