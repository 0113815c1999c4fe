// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The reference's training curve, run again.
#pragma once

#include "core/json.h"
#include "infer/detail/verify_report.h"
#include "nn/adamw.h"
#include "nn/adapters/adapter.h"
#include "nn/network.h"
#include "nn/ops/network_loss.h"

namespace lathe::infer {

/// What is compared: a whole network, or the adapter on one.
struct VerifySubject {
    nn::Network& network;
    nn::AdamW::NamedTensors parameters;    ///< what trains
    const nn::Adapter* adapter = nullptr;  ///< attached
    bool encoded = false;                  ///< the prompt was made by an encoder that is not in the folder

    torch::Tensor loss(const torch::Tensor& logits, const torch::Tensor& labels) const {
        const torch::Tensor own = nn::networkLoss(network.config(), logits, labels);
        const torch::Tensor extra = adapter ? adapter->extraLoss() : torch::Tensor();
        return extra.defined() ? own + extra : own;
    }
};

struct CurveTolerance {
    double relative = 1e-3;  ///< of each loss and gradient norm
    /// How far the first step's gradients were from the reference's, of their norm: what rounding did on the two sides.
    double gradients = 0;
};

/// Compares losses and gradient norms of golden.json's `train` on one batch; the subject's parameters change.
/// Some curves are so steep that float32 itself does not fix them to the tolerance: where a step is off, the curve is
/// run again with gradients moved by no more than what rounding moved the first ones by, and how far that moves a step
/// is allowed on top. The report then says so.
void compareTraining(const VerifySubject& subject, const nn::Batch& batch, const torch::Tensor& labels,
                     const Json& curve, const CurveTolerance& tolerances, VerifyReport& report);

}  // namespace lathe::infer
