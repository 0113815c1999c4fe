// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/word_embeddings.h"

#include <algorithm>
#include <cmath>

#include "nn/word_embeddings.h"

namespace lathe::train {
namespace {

using torch::Tensor;

class Noise final : public nn::LayerAdapter {
public:
    explicit Noise(double alpha) : m_alpha(alpha) {}
    Tensor output(const Tensor& ids, const Tensor& y) override {
        const double most = m_alpha / std::sqrt(static_cast<double>(ids.size(-1) * y.size(-1)));
        return y + torch::empty_like(y).uniform_(-most, most);
    }

private:
    double m_alpha;
};

}  // namespace

EmbeddingNoise::EmbeddingNoise(nn::Network& network, double alpha)
    : m_words(nn::wordEmbeddings(network)), m_noise(std::make_shared<Noise>(alpha)) {
    for (nn::Embedding* words : m_words)
        words->adapters.push_back(m_noise);
}

EmbeddingNoise::~EmbeddingNoise() {
    for (nn::Embedding* words : m_words)
        std::erase(words->adapters, m_noise);
}

EmbeddingAttack::EmbeddingAttack(nn::Network& network) {
    for (const nn::Embedding* words : nn::wordEmbeddings(network)) {
        const bool known = std::ranges::any_of(m_weights, [&](const auto& each) {
            return each.tensor.unsafeGetTensorImpl() == words->weight.unsafeGetTensorImpl();
        });
        if (known)
            continue;  // encoder and decoder share it
        m_weights.push_back({.tensor = words->weight, .trained = words->weight.requires_grad(), .before = {}});
        m_weights.back().tensor.set_requires_grad(true);
    }
}

EmbeddingAttack::~EmbeddingAttack() {
    restore();
    for (auto& weights : m_weights)
        if (!weights.trained) {
            weights.tensor.mutable_grad() = Tensor();
            weights.tensor.set_requires_grad(false);
        }
}

bool EmbeddingAttack::perturb(double epsilon, const std::function<void(Tensor& gradient)>& sum) {
    const torch::NoGradGuard noGrad;
    std::vector<Tensor> gradients;
    double squares = 0;
    for (const auto& weights : m_weights) {
        Tensor gradient = weights.tensor.grad();
        if (sum) {
            gradient = gradient.defined() ? gradient
                                                .to(torch::kCPU, torch::kFloat32, /*non_blocking=*/false,
                                                    /*copy=*/true)
                                                .contiguous()
                                          : torch::zeros(weights.tensor.sizes(), torch::kFloat32);
            sum(gradient);
            gradient = gradient.to(weights.tensor.device());
        }
        gradients.push_back(gradient);
        if (gradient.defined())
            squares += gradient.to(torch::kFloat64).square().sum().item<double>();
    }
    if (!std::isfinite(squares) || squares == 0)
        return false;
    for (std::size_t i = 0; i < m_weights.size(); ++i) {
        Weights& weights = m_weights[i];
        weights.before = weights.tensor.detach().clone();
        if (gradients[i].defined())
            weights.tensor.add_(gradients[i], epsilon / std::sqrt(squares));
    }
    return true;
}

void EmbeddingAttack::restore() {
    const torch::NoGradGuard noGrad;
    for (auto& weights : m_weights) {
        if (weights.before.defined())
            weights.tensor.copy_(weights.before);
        weights.before = torch::Tensor();
    }
}

}  // namespace lathe::train
