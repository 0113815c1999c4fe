// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Objectives of heads with classes beside the single label: any number of labels, numbers, labels of tokens.
#include <torch/autograd.h>
#include <torch/nn/functional/loss.h>

#include "nn/ops/cross_entropy.h"
#include "train/detail/losses.h"
#include "train/detail/objectives.h"

namespace lathe::train {
namespace {

namespace F = torch::nn::functional;
using torch::Tensor;

/// What a head with classes says: one pass, or two that are held together.
class HeadObjective : public Objective {
public:
    explicit HeadObjective(LossOptions options) : m_options(std::move(options)) {}

    PassResult learn(nn::Network& network, const TrainBatch& batch, double share) const override {
        const Tensor said = ask(network, batch);
        if (batch.targets.size(0) == 0)
            return {};
        Tensor loss = trainingLoss(said, batch.targets);
        if (m_options.rDrop > 0) {
            const Tensor again = ask(network, batch);
            loss =
                (loss + trainingLoss(again, batch.targets)) / 2 + apart(said, again, batch.targets) * m_options.rDrop;
        }
        lastBackward(share == 1 ? loss : loss * share);
        PassResult result{.loss = loss.item<double>(), .targets = batch.targets.size(0)};
        if (hasRightAnswers())
            result.predicted = answers(said.detach());
        return result;
    }

    PassResult judge(nn::Network& network, const TrainBatch& batch) const override {
        const torch::NoGradGuard noGrad;
        if (batch.targets.size(0) == 0)
            return {};
        const Tensor said = ask(network, batch);
        return {.loss = plainLoss(said, batch.targets).item<double>(),
                .targets = batch.targets.size(0),
                .predicted = answers(said)};
    }

protected:
    /// The head's numbers, a row for each target.
    virtual Tensor ask(nn::Network& network, const TrainBatch& batch) const {
        return network.classify(network.hidden(batch.input), batch.input).to(torch::kFloat32);  // [B, L]
    }
    /// Means over the targets: of the options, and of none.
    virtual Tensor trainingLoss(const Tensor& said, const Tensor& targets) const = 0;
    virtual Tensor plainLoss(const Tensor& said, const Tensor& targets) const = 0;
    /// How far two passes are from each other.
    virtual Tensor apart(const Tensor& a, const Tensor& b, const Tensor& targets) const = 0;
    virtual Tensor answers(const Tensor& said) const = 0;
    virtual bool hasRightAnswers() const { return true; }

    const LossOptions& options() const { return m_options; }

private:
    LossOptions m_options;
};

class AnyLabelObjective final : public HeadObjective {
public:
    using HeadObjective::HeadObjective;

protected:
    Tensor trainingLoss(const Tensor& said, const Tensor& targets) const override {
        return multiLabelLoss(said, targets, options());
    }
    Tensor plainLoss(const Tensor& said, const Tensor& targets) const override {
        return multiLabelLoss(said, targets, {});
    }
    Tensor apart(const Tensor& a, const Tensor& b, const Tensor&) const override {
        return symmetricBinaryDivergence(a, b);
    }
    Tensor answers(const Tensor& said) const override { return said.gt(0).to(torch::kInt64); }  // sigmoid > 0.5
    bool hasRightAnswers() const override { return false; }
};

class ScoreObjective final : public HeadObjective {
public:
    using HeadObjective::HeadObjective;

protected:
    Tensor trainingLoss(const Tensor& said, const Tensor& targets) const override { return plainLoss(said, targets); }
    Tensor plainLoss(const Tensor& said, const Tensor& targets) const override {
        return F::mse_loss(said.squeeze(-1), targets);
    }
    /// \source R-Drop's own measure for numbers, arXiv:2106.14448, section 3 (STS-B)
    Tensor apart(const Tensor& a, const Tensor& b, const Tensor&) const override { return F::mse_loss(a, b); }
    Tensor answers(const Tensor& said) const override { return said.squeeze(-1); }
    bool hasRightAnswers() const override { return false; }
};

class TokenLabelObjective final : public HeadObjective {
public:
    using HeadObjective::HeadObjective;

    double weight(const TrainBatch& batch) const override {
        return options().classWeights.empty() ? Objective::weight(batch)
                                              : targetWeights(batch.targets, options()).sum().item<double>();
    }

protected:
    Tensor ask(nn::Network& network, const TrainBatch& batch) const override {
        const Tensor all = network.classify(network.hidden(batch.input), batch.input);     // [B, P + T, L]
        const std::int64_t width = batch.input.ids.size(1), prompt = all.size(1) - width;  // P virtual tokens
        return all.narrow(1, prompt, width)
            .reshape({-1, all.size(2)})
            .index_select(0, batch.rows)
            .to(torch::kFloat32);  // [N, L]
    }
    Tensor trainingLoss(const Tensor& said, const Tensor& targets) const override {
        return labelLoss(said, targets, options());
    }
    Tensor plainLoss(const Tensor& said, const Tensor& targets) const override {
        return nn::crossEntropy(said, targets);
    }
    Tensor apart(const Tensor& a, const Tensor& b, const Tensor& targets) const override {
        return symmetricDivergence(a, b, targetWeights(targets, options()));
    }
    Tensor answers(const Tensor& said) const override { return said.argmax(-1); }
};

}  // namespace

std::unique_ptr<Objective> makeAnyLabelObjective(LossOptions options) {
    return std::make_unique<AnyLabelObjective>(std::move(options));
}

std::unique_ptr<Objective> makeScoreObjective(LossOptions options) {
    return std::make_unique<ScoreObjective>(std::move(options));
}

std::unique_ptr<Objective> makeTokenLabelObjective(LossOptions options) {
    return std::make_unique<TokenLabelObjective>(std::move(options));
}

}  // namespace lathe::train
