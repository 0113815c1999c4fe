// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/training_step.h"

#include <torch/autograd.h>
#include <torch/nn/functional/loss.h>

#include <algorithm>

#include "nn/ops/cross_entropy.h"

namespace lathe::train {
namespace {

namespace F = torch::nn::functional;

/// Elements of a piece of logits: 16 MB in float32, which the last-level cache can hold.
constexpr std::int64_t kPieceElements = 4 << 20;

/// Mean over the rows. Smoothing spreads a share of each target over all classes, as torch defines it.
torch::Tensor meanCrossEntropy(const torch::Tensor& logits, const torch::Tensor& targets, double labelSmoothing) {
    if (labelSmoothing == 0)
        return nn::crossEntropy(logits, targets);
    return F::cross_entropy(logits.to(torch::kFloat32), targets,
                            F::CrossEntropyFuncOptions().label_smoothing(labelSmoothing));
}

std::int64_t pieceRows(std::int64_t vocabulary) {
    return std::max<std::int64_t>(32, kPieceElements / std::max<std::int64_t>(1, vocabulary));
}

/// Hidden states of the rows that have a target: [N, C].
torch::Tensor targetRows(nn::Network& network, const TrainBatch& batch) {
    const auto hidden = network.hidden(batch.input);                           // [B, T, C]
    return hidden.reshape({-1, hidden.size(-1)}).index_select(0, batch.rows);  // [N, C]
}

PassResult tokenPass(nn::Network& network, const TrainBatch& batch, double labelSmoothing) {
    PassResult result;
    result.targets = batch.targets.numel();
    if (result.targets == 0)
        return result;
    const auto rows = targetRows(network, batch);
    // Cut the graph at the rows: each piece's gradient is added up there, then goes down through the layers once.
    auto cutRows = rows.detach();
    cutRows.set_requires_grad(true);
    const std::int64_t step = pieceRows(network.config().vocabSize);
    std::vector<torch::Tensor> predicted;
    for (std::int64_t begin = 0; begin < result.targets; begin += step) {
        const std::int64_t count = std::min(step, result.targets - begin);
        const auto logits = network.tokenLogits(cutRows.narrow(0, begin, count));  // [n, V]
        const auto loss = meanCrossEntropy(logits, batch.targets.narrow(0, begin, count), labelSmoothing) *
                          (static_cast<double>(count) / static_cast<double>(result.targets));
        loss.backward();
        result.loss += loss.item<double>();
        predicted.push_back(logits.detach().argmax(-1));
    }
    if (rows.requires_grad())
        rows.backward(cutRows.grad().to(rows.scalar_type()));
    result.predicted = torch::cat(predicted);
    return result;
}

}  // namespace

PassResult forwardBackward(nn::Network& network, const TrainBatch& batch, double labelSmoothing) {
    if (batch.rows.defined())
        return tokenPass(network, batch, labelSmoothing);
    const auto logits = network.classify(network.hidden(batch.input), batch.input);  // [B, L]
    const auto loss = meanCrossEntropy(logits, batch.targets, labelSmoothing);
    loss.backward();
    return {.loss = loss.item<double>(), .targets = batch.targets.numel(), .predicted = logits.detach().argmax(-1)};
}

PassResult forwardOnly(nn::Network& network, const TrainBatch& batch) {
    const torch::NoGradGuard noGrad;
    PassResult result;
    result.targets = batch.targets.numel();
    if (result.targets == 0)
        return result;
    if (!batch.rows.defined()) {
        const auto logits = network.classify(network.hidden(batch.input), batch.input);  // [B, L]
        result.loss = nn::crossEntropy(logits, batch.targets).item<double>();
        result.predicted = logits.argmax(-1);
        return result;
    }
    const auto rows = targetRows(network, batch);
    const std::int64_t step = pieceRows(network.config().vocabSize);
    std::vector<torch::Tensor> predicted;
    for (std::int64_t begin = 0; begin < result.targets; begin += step) {
        const std::int64_t count = std::min(step, result.targets - begin);
        const auto logits = network.tokenLogits(rows.narrow(0, begin, count));  // [n, V]
        result.loss += nn::crossEntropy(logits, batch.targets.narrow(0, begin, count)).item<double>() *
                       (static_cast<double>(count) / static_cast<double>(result.targets));
        predicted.push_back(logits.argmax(-1));
    }
    result.predicted = torch::cat(predicted);
    return result;
}

}  // namespace lathe::train
