// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/objective.h"

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
torch::Tensor meanLoss(const torch::Tensor& logits, const torch::Tensor& targets, const LossOptions& options) {
    if (options.labelSmoothing == 0)
        return nn::crossEntropy(logits, targets);
    return F::cross_entropy(logits.to(torch::kFloat32), targets,
                            F::CrossEntropyFuncOptions().label_smoothing(options.labelSmoothing));
}

class LabelObjective final : public Objective {
public:
    explicit LabelObjective(LossOptions options) : m_options(options) {}

    PassResult learn(nn::Network& network, const TrainBatch& batch, double share) const override {
        const auto logits = network.classify(network.hidden(batch.input), batch.input);  // [B, L]
        const auto loss = meanLoss(logits, batch.targets, m_options);
        (share == 1 ? loss : loss * share).backward();
        return result(logits, batch, loss);
    }

    PassResult judge(nn::Network& network, const TrainBatch& batch) const override {
        const torch::NoGradGuard noGrad;
        const auto logits = network.classify(network.hidden(batch.input), batch.input);  // [B, L]
        return result(logits, batch, nn::crossEntropy(logits, batch.targets));
    }

private:
    static PassResult result(const torch::Tensor& logits, const TrainBatch& batch, const torch::Tensor& loss) {
        return {.loss = loss.item<double>(), .targets = batch.targets.numel(), .predicted = logits.detach().argmax(-1)};
    }

    LossOptions m_options;
};

class TokenObjective final : public Objective {
public:
    explicit TokenObjective(LossOptions options) : m_options(options) {}

    PassResult learn(nn::Network& network, const TrainBatch& batch, double share) const override {
        if (batch.targets.numel() == 0)
            return {};
        const auto rows = targetRows(network, batch);
        // Cut the graph at the rows: each piece's gradient is added up there, then goes down through the layers once.
        auto cutRows = rows.detach();
        cutRows.set_requires_grad(true);
        PassResult result =
            inPieces(network, batch, cutRows, [&](const auto& logits, const auto& targets, double part) {
                const auto loss = meanLoss(logits, targets, m_options) * part;
                (share == 1 ? loss : loss * share).backward();
                return loss.template item<double>();
            });
        if (rows.requires_grad())
            rows.backward(cutRows.grad().to(rows.scalar_type()));
        return result;
    }

    PassResult judge(nn::Network& network, const TrainBatch& batch) const override {
        const torch::NoGradGuard noGrad;
        if (batch.targets.numel() == 0)
            return {};
        return inPieces(network, batch, targetRows(network, batch),
                        [](const auto& logits, const auto& targets, double part) {
                            return nn::crossEntropy(logits, targets).template item<double>() * part;
                        });
    }

private:
    /// Hidden states of the rows that have a target: [N, C].
    static torch::Tensor targetRows(nn::Network& network, const TrainBatch& batch) {
        auto hidden = network.hidden(batch.input);  // [B, P + T, C]
        const auto length = (batch.input.decoderIds.defined() ? batch.input.decoderIds : batch.input.ids).size(1);
        if (hidden.size(1) > length)  // rows count from behind a prompt
            hidden = hidden.narrow(1, hidden.size(1) - length, length);
        return hidden.reshape({-1, hidden.size(-1)}).index_select(0, batch.rows);  // [N, C]
    }

    /// \p lossOf(logits [n, V], targets [n], share of all targets) -> that piece's part of the mean.
    template <typename LossOf>
    static PassResult inPieces(nn::Network& network, const TrainBatch& batch, const torch::Tensor& rows,
                               const LossOf& lossOf) {
        PassResult result;
        result.targets = batch.targets.numel();
        const std::int64_t step =
            std::max<std::int64_t>(32, kPieceElements / std::max<std::int64_t>(1, network.config().vocabSize));
        std::vector<torch::Tensor> predicted;
        for (std::int64_t begin = 0; begin < result.targets; begin += step) {
            const std::int64_t count = std::min(step, result.targets - begin);
            const auto logits = network.tokenLogits(rows.narrow(0, begin, count));  // [n, V]
            result.loss += lossOf(logits, batch.targets.narrow(0, begin, count),
                                  static_cast<double>(count) / static_cast<double>(result.targets));
            predicted.push_back(logits.detach().argmax(-1));
        }
        result.predicted = torch::cat(predicted);
        return result;
    }

    LossOptions m_options;
};

}  // namespace

std::unique_ptr<Objective> makeLabelObjective(LossOptions options) {
    return std::make_unique<LabelObjective>(options);
}

std::unique_ptr<Objective> makeTokenObjective(LossOptions options) {
    return std::make_unique<TokenObjective>(options);
}

}  // namespace lathe::train
