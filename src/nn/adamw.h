// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// AdamW over all parameters in one pass over memory per step. \source Loshchilov and Hutter arXiv:1711.05101
// Thread: compute lane.
#pragma once

#include "nn/optimizers/optimizer.h"

namespace lathe::nn {

struct AdamWOptions {
    double lr = 1e-3;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double eps = 1e-8;
    double weightDecay = 0.01;  ///< decoupled; only on tensors of two or more dimensions
};

/// The mathematics of torch.optim.AdamW in float32.
class AdamW final : public Optimizer {
public:
    /// Decay by dimensions, as AdamWOptions says.
    AdamW(NamedTensors parameters, AdamWOptions options);
    /// Decay as each parameter says; that of \p options is not read.
    AdamW(std::vector<OptimizerParameter> parameters, AdamWOptions options);

    const AdamWOptions& options() const { return m_options; }

protected:
    void update(const std::vector<Work>& work, double lr, double clipScale) override;
    void updateByTorch(const Slot& slot, const torch::Tensor& grad, double lr, double clipScale) override;

private:
    AdamWOptions m_options;
};

}  // namespace lathe::nn
