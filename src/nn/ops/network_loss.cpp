// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/ops/network_loss.h"

#include <torch/nn/functional/loss.h>

#include "nn/ops/cross_entropy.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

/// Labels [B, T] under logits of P + T positions: nothing is asked of the virtual ones.
Tensor alignLabels(const Tensor& labels, std::int64_t positions) {
    const std::int64_t ahead = positions - labels.size(1);
    TORCH_CHECK(ahead >= 0, "there are ", labels.size(1), " labels for ", positions, " positions");
    if (ahead == 0)
        return labels;
    return torch::cat({torch::full({labels.size(0), ahead}, -100, labels.options()), labels}, 1);  // [B, P + T]
}

Tensor perPosition(const Tensor& logits, const Tensor& labels) {
    return crossEntropy(logits.reshape({-1, logits.size(-1)}), labels.reshape({-1}));
}

/// Where the config names no problem, the reference goes by the labels: shares of every class are several labels,
/// except that DeBERTa reads them as one distribution.
Tensor unnamedProblemLoss(const NetworkConfig& config, const Tensor& logits, const Tensor& labels) {
    if (config.architecture == "deberta-v2")
        return -(torch::log_softmax(logits, -1) * labels).sum(-1).mean();
    return torch::nn::functional::binary_cross_entropy_with_logits(logits, labels);
}

Tensor sequenceLoss(const NetworkConfig& config, const Tensor& logits, const Tensor& labels) {
    namespace F = torch::nn::functional;
    const bool shares = labels.dim() == 2 && labels.is_floating_point();
    switch (config.problem) {
        case Problem::SingleLabel:
            return shares ? unnamedProblemLoss(config, logits, labels) : crossEntropy(logits, labels);
        case Problem::MultiLabel:
            return F::binary_cross_entropy_with_logits(logits, labels.to(logits.scalar_type()));
        case Problem::Regression:
            return F::mse_loss(logits.flatten(), labels.flatten().to(logits.scalar_type()));
    }
    TORCH_CHECK(false, "no loss for this problem");
}

}  // namespace

Tensor networkLoss(const NetworkConfig& config, const Tensor& logits, const Tensor& labels) {
    if (config.head == Head::SequenceClassification)
        return sequenceLoss(config, logits, labels);
    if (config.head == Head::Seq2SeqLm)
        return perPosition(logits, labels);
    const Tensor all = alignLabels(labels, logits.size(1));
    if (config.head != Head::CausalLm)
        return perPosition(logits, all);
    const std::int64_t next = all.size(1) - 1;
    return perPosition(logits.narrow(1, 0, next), all.narrow(1, 1, next));
}

}  // namespace lathe::nn
