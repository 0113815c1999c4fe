// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Objectives of heads with classes beside the single label: any number of labels, numbers, labels of tokens.
#include <torch/autograd.h>
#include <torch/nn/functional/loss.h>

#include "nn/ops/cross_entropy.h"
#include "train/detail/objectives.h"

namespace lathe::train {
namespace {

namespace F = torch::nn::functional;
using torch::Tensor;

/// One pass through a head with classes: the loss of what classify() gives.
class HeadObjective : public Objective {
public:
    PassResult learn(nn::Network& network, const TrainBatch& batch, double share) const override {
        const Tensor said = ask(network, batch);
        if (batch.targets.size(0) == 0)
            return {};
        const Tensor loss = lossOf(said, batch.targets, true);
        (share == 1 ? loss : loss * share).backward();
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
        return {.loss = lossOf(said, batch.targets, false).item<double>(),
                .targets = batch.targets.size(0),
                .predicted = answers(said)};
    }

protected:
    /// The head's numbers, a row for each target.
    virtual Tensor ask(nn::Network& network, const TrainBatch& batch) const {
        return network.classify(network.hidden(batch.input), batch.input).to(torch::kFloat32);  // [B, L]
    }
    /// Mean over the targets.
    virtual Tensor lossOf(const Tensor& said, const Tensor& targets, bool training) const = 0;
    virtual Tensor answers(const Tensor& said) const = 0;
    virtual bool hasRightAnswers() const { return true; }
};

class AnyLabelObjective final : public HeadObjective {
protected:
    Tensor lossOf(const Tensor& said, const Tensor& targets, bool) const override {
        return F::binary_cross_entropy_with_logits(said, targets.to(torch::kFloat32));
    }
    Tensor answers(const Tensor& said) const override { return said.gt(0).to(torch::kInt64); }  // sigmoid > 0.5
    bool hasRightAnswers() const override { return false; }
};

class ScoreObjective final : public HeadObjective {
protected:
    Tensor lossOf(const Tensor& said, const Tensor& targets, bool) const override {
        return F::mse_loss(said.squeeze(-1), targets);
    }
    Tensor answers(const Tensor& said) const override { return said.squeeze(-1); }
    bool hasRightAnswers() const override { return false; }
};

class TokenLabelObjective final : public HeadObjective {
public:
    explicit TokenLabelObjective(LossOptions options) : m_options(options) {}

protected:
    Tensor ask(nn::Network& network, const TrainBatch& batch) const override {
        const Tensor all = network.classify(network.hidden(batch.input), batch.input);     // [B, P + T, L]
        const std::int64_t width = batch.input.ids.size(1), prompt = all.size(1) - width;  // P virtual tokens
        return all.narrow(1, prompt, width)
            .reshape({-1, all.size(2)})
            .index_select(0, batch.rows)
            .to(torch::kFloat32);  // [N, L]
    }
    Tensor lossOf(const Tensor& said, const Tensor& targets, bool training) const override {
        if (!training || m_options.labelSmoothing == 0)
            return nn::crossEntropy(said, targets);
        return F::cross_entropy(said, targets, F::CrossEntropyFuncOptions().label_smoothing(m_options.labelSmoothing));
    }
    Tensor answers(const Tensor& said) const override { return said.argmax(-1); }

private:
    LossOptions m_options;
};

}  // namespace

std::unique_ptr<Objective> makeAnyLabelObjective() {
    return std::make_unique<AnyLabelObjective>();
}

std::unique_ptr<Objective> makeScoreObjective() {
    return std::make_unique<ScoreObjective>();
}

std::unique_ptr<Objective> makeTokenLabelObjective(LossOptions options) {
    return std::make_unique<TokenLabelObjective>(options);
}

}  // namespace lathe::train
