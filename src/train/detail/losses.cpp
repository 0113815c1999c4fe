// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/losses.h"

#include <torch/nn/functional/loss.h>

#include "nn/ops/cross_entropy.h"

namespace lathe::train {
namespace {

using torch::Tensor;

Tensor classWeights(const LossOptions& options, const Tensor& like) {
    return torch::tensor(options.classWeights, torch::kFloat32).to(like.device());  // [L]
}

/// sum of p (log p - log q) over the last dimension.
Tensor divergence(const Tensor& logP, const Tensor& logQ) {
    return (logP.exp() * (logP - logQ)).sum(-1);
}

}  // namespace

Tensor targetWeights(const Tensor& targets, const LossOptions& options) {
    const Tensor counted = targets.ge(0);
    if (options.classWeights.empty())
        return counted.to(torch::kFloat32);
    return classWeights(options, targets).index_select(0, targets.clamp_min(0)) * counted;
}

Tensor labelLoss(const Tensor& logits, const Tensor& targets, const LossOptions& options) {
    const bool plain = options.classWeights.empty() && options.focalGamma == 0;
    if (plain && options.labelSmoothing == 0)
        return nn::crossEntropy(logits, targets);
    namespace F = torch::nn::functional;
    if (plain)
        return F::cross_entropy(logits.to(torch::kFloat32), targets,
                                F::CrossEntropyFuncOptions().label_smoothing(options.labelSmoothing));
    const Tensor logP = torch::log_softmax(logits.to(torch::kFloat32), -1);           // [N, L]
    const Tensor own = logP.gather(1, targets.clamp_min(0).unsqueeze(1)).squeeze(1);  // [N]
    const Tensor weights = targetWeights(targets, options);                           // [N]
    Tensor rows = -own * weights * (1 - options.labelSmoothing);
    if (options.labelSmoothing > 0) {
        const Tensor all = options.classWeights.empty() ? logP : logP * classWeights(options, logits);
        rows = rows - all.mean(-1) * targets.ge(0) * options.labelSmoothing;
    }
    if (options.focalGamma > 0)
        rows = rows * (1 - own.exp()).clamp_min(1e-7).pow(options.focalGamma);
    return rows.sum() / weights.sum().clamp_min(1e-12);
}

Tensor multiLabelLoss(const Tensor& logits, const Tensor& targets, const LossOptions& options) {
    namespace F = torch::nn::functional;
    const Tensor x = logits.to(torch::kFloat32);
    const Tensor wanted = targets.to(torch::kFloat32) * (1 - options.labelSmoothing) + options.labelSmoothing / 2;
    Tensor terms = F::binary_cross_entropy_with_logits(
        x, wanted, F::BinaryCrossEntropyWithLogitsFuncOptions().reduction(torch::kNone));  // [B, L]
    if (options.focalGamma > 0) {
        const Tensor p = x.sigmoid();
        terms = terms * (p + wanted - 2 * p * wanted).clamp_min(1e-7).pow(options.focalGamma);
    }
    return (options.classWeights.empty() ? terms : terms * classWeights(options, logits)).mean();
}

Tensor symmetricDivergence(const Tensor& a, const Tensor& b, const Tensor& weights) {
    const Tensor logP = torch::log_softmax(a.to(torch::kFloat32), -1),
                 logQ = torch::log_softmax(b.to(torch::kFloat32), -1);
    return ((divergence(logP, logQ) + divergence(logQ, logP)) / 2 * weights).sum() / weights.sum().clamp_min(1e-12);
}

Tensor symmetricBinaryDivergence(const Tensor& a, const Tensor& b) {
    const auto both = [](const Tensor& logits) {
        const Tensor x = logits.to(torch::kFloat32).unsqueeze(-1);
        return torch::log_softmax(torch::cat({x, torch::zeros_like(x)}, -1), -1);  // [B, L, 2]
    };
    const Tensor logP = both(a), logQ = both(b);
    return ((divergence(logP, logQ) + divergence(logQ, logP)) / 2).mean();
}

Tensor softTargetLoss(const Tensor& logits, const Tensor& teacher, double temperature) {
    const Tensor logP = torch::log_softmax(teacher.detach().to(torch::kFloat32) / temperature, -1);
    const Tensor logQ = torch::log_softmax(logits.to(torch::kFloat32) / temperature, -1);
    return divergence(logP, logQ).mean() * (temperature * temperature);
}

}  // namespace lathe::train
