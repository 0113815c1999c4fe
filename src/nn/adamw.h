// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// AdamW over all parameters in one pass over memory per step. \source Loshchilov and Hutter arXiv:1711.05101
// Thread: compute lane.
#pragma once

#include <torch/types.h>

#include <string>
#include <utility>
#include <vector>

#include "core/result.h"

namespace lathe::nn {

struct AdamWOptions {
    double lr = 1e-3;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double eps = 1e-8;
    double weightDecay = 0.01;  ///< decoupled; only on tensors of two or more dimensions
};

/// The mathematics of torch.optim.AdamW in float32. Parameters without a gradient are left alone.
class AdamW {
public:
    using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

    /// Parameters that need no gradient are left out. \throws c10::Error unless they are float32.
    AdamW(NamedTensors parameters, AdamWOptions options);

    /// L2 norm over all gradients.
    double gradNorm() const;
    /// One update; gradients count \p clipScale times themselves (1 = as they are).
    void step(double lr, double clipScale = 1.0);
    /// The usual clipping factor: min(1, maxNorm / (norm + 1e-6)); 1 when \p maxNorm is 0 or less.
    static double clipScale(double norm, double maxNorm);
    void zeroGrad();

    std::int64_t steps() const { return m_steps; }
    const AdamWOptions& options() const { return m_options; }
    /// "step" [1] int64, then "m.NAME" and "v.NAME" per parameter; the tensors are the live ones.
    NamedTensors state() const;
    /// \returns InvalidInput when a name or a shape differs; nothing is changed then.
    Result<> loadState(const NamedTensors& state);

private:
    struct Slot {
        std::string name;
        torch::Tensor parameter, m, v;
        double decay = 0;
    };
    void stepByTorch(Slot& slot, const torch::Tensor& grad, double lr, double clipScale) const;

    AdamWOptions m_options;
    std::vector<Slot> m_slots;
    std::int64_t m_steps = 0;
};

}  // namespace lathe::nn
