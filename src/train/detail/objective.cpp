// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/objective.h"

#include <torch/autograd.h>

#include <algorithm>

#include "nn/ops/cross_entropy.h"
#include "train/detail/losses.h"

namespace lathe::train {
namespace {

/// Elements of a piece of logits: 16 MB in float32, which the last-level cache can hold.
constexpr std::int64_t kPieceElements = 4 << 20;

/// The loss of one or two passes over the same targets, and of what a teacher says to them.
torch::Tensor wholeLoss(const torch::Tensor& logits, const torch::Tensor& again, const torch::Tensor& teacher,
                        const torch::Tensor& targets, const LossOptions& options) {
    torch::Tensor loss = labelLoss(logits, targets, options);
    if (again.defined())
        loss = (loss + labelLoss(again, targets, options)) / 2 +
               symmetricDivergence(logits, again, targetWeights(targets, options)) * options.rDrop;
    if (teacher.defined())
        loss = loss * (1 - options.teacherWeight) +
               softTargetLoss(logits, teacher, options.teacherTemperature) * options.teacherWeight;
    return loss;
}

class LabelObjective final : public Objective {
public:
    explicit LabelObjective(LossOptions options) : m_options(std::move(options)) {}

    double weight(const TrainBatch& batch) const override {
        return m_options.classWeights.empty() ? Objective::weight(batch)
                                              : targetWeights(batch.targets, m_options).sum().item<double>();
    }

    PassResult learn(nn::Network& network, const TrainBatch& batch, double share) const override {
        const auto logits = pass(network, batch);
        const auto again = m_options.rDrop > 0 ? pass(network, batch) : torch::Tensor();
        const auto loss = wholeLoss(logits, again, batch.teacher, batch.targets, m_options);
        lastBackward(share == 1 ? loss : loss * share);
        return result(logits, batch, loss);
    }

    PassResult judge(nn::Network& network, const TrainBatch& batch) const override {
        const torch::NoGradGuard noGrad;
        const auto logits = pass(network, batch);
        return result(logits, batch, nn::crossEntropy(logits, batch.targets));
    }

private:
    static torch::Tensor pass(nn::Network& network, const TrainBatch& batch) {
        return network.classify(network.hidden(batch.input), batch.input);  // [B, L]
    }

    static PassResult result(const torch::Tensor& logits, const TrainBatch& batch, const torch::Tensor& loss) {
        return {.loss = loss.item<double>(), .targets = batch.targets.numel(), .predicted = logits.detach().argmax(-1)};
    }

    LossOptions m_options;
};

class TokenObjective final : public Objective {
public:
    explicit TokenObjective(LossOptions options) : m_options(std::move(options)) {
        m_options.classWeights.clear();  // those are of labels
    }

    PassResult learn(nn::Network& network, const TrainBatch& batch, double share) const override {
        if (batch.targets.numel() == 0)
            return {};
        std::vector<torch::Tensor> passes{targetRows(network, batch)};
        if (m_options.rDrop > 0)
            passes.push_back(targetRows(network, batch));
        const auto taught = teacherRows(batch);
        // Cut the graph at the rows: each piece's gradient is added up there, then goes down through the layers once.
        std::vector<torch::Tensor> cut;
        for (const auto& rows : passes)
            cut.push_back(rows.detach().set_requires_grad(true));
        const auto lossOf = [&](const auto& logits, const Piece& piece) {
            const auto again = cut.size() > 1 ? network.tokenLogits(piece.of(cut[1])) : torch::Tensor();
            const auto teacher = teacherLogits(taught, piece);
            const auto loss = wholeLoss(logits, again, teacher, piece.of(batch.targets), m_options) * piece.share;
            (share == 1 ? loss : loss * share).backward();
            return loss.template item<double>();
        };
        PassResult result = inPieces(network, batch, cut[0], lossOf);
        std::erase_if(passes, [](const auto& rows) { return !rows.requires_grad(); });  // all of them, or none
        for (std::size_t i = 0; i < passes.size(); ++i) {
            const auto gradient = cut[i].grad().to(passes[i].scalar_type());
            if (i + 1 < passes.size())
                passes[i].backward(gradient);
            else
                lastBackward(passes[i], gradient);
        }
        return result;
    }

    PassResult judge(nn::Network& network, const TrainBatch& batch) const override {
        const torch::NoGradGuard noGrad;
        if (batch.targets.numel() == 0)
            return {};
        return inPieces(network, batch, targetRows(network, batch), [&](const auto& logits, const Piece& piece) {
            return nn::crossEntropy(logits, piece.of(batch.targets)).template item<double>() * piece.share;
        });
    }

private:
    /// Some of the rows, and their share of all.
    struct Piece {
        std::int64_t begin = 0, count = 0;
        double share = 1;
        torch::Tensor of(const torch::Tensor& rows) const { return rows.narrow(0, begin, count); }
    };

    /// Hidden states of the rows that have a target: [N, C].
    static torch::Tensor targetRows(nn::Network& network, const TrainBatch& batch) {
        auto hidden = network.hidden(batch.input);  // [B, P + T, C]
        const auto length = (batch.input.decoderIds.defined() ? batch.input.decoderIds : batch.input.ids).size(1);
        if (hidden.size(1) > length)  // rows count from behind a prompt
            hidden = hidden.narrow(1, hidden.size(1) - length, length);
        return hidden.reshape({-1, hidden.size(-1)}).index_select(0, batch.rows);  // [N, C]
    }

    torch::Tensor teacherRows(const TrainBatch& batch) const {
        const torch::NoGradGuard noGrad;
        return m_options.teacher ? targetRows(*m_options.teacher, batch) : torch::Tensor();
    }
    torch::Tensor teacherLogits(const torch::Tensor& rows, const Piece& piece) const {
        const torch::NoGradGuard noGrad;
        return rows.defined() ? m_options.teacher->tokenLogits(piece.of(rows)) : torch::Tensor();
    }

    /// \p lossOf(logits [n, V], piece) -> that piece's part of the mean.
    template <typename LossOf>
    static PassResult inPieces(nn::Network& network, const TrainBatch& batch, const torch::Tensor& rows,
                               const LossOf& lossOf) {
        PassResult result;
        result.targets = batch.targets.numel();
        const std::int64_t step =
            std::max<std::int64_t>(32, kPieceElements / std::max<std::int64_t>(1, network.config().vocabSize));
        std::vector<torch::Tensor> predicted;
        for (std::int64_t begin = 0; begin < result.targets; begin += step) {
            Piece piece{.begin = begin, .count = std::min(step, result.targets - begin)};
            piece.share = static_cast<double>(piece.count) / static_cast<double>(result.targets);
            const auto logits = network.tokenLogits(piece.of(rows));  // [n, V]
            result.loss += lossOf(logits, piece);
            predicted.push_back(nn::likeliest(logits));
        }
        result.predicted = torch::cat(predicted);
        return result;
    }

    LossOptions m_options;
};

}  // namespace

std::unique_ptr<Objective> makeLabelObjective(LossOptions options) {
    return std::make_unique<LabelObjective>(std::move(options));
}

std::unique_ptr<Objective> makeTokenObjective(LossOptions options) {
    return std::make_unique<TokenObjective>(std::move(options));
}

}  // namespace lathe::train
