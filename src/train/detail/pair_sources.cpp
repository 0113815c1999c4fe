// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/pair_sources.h"

#include <torch/autograd.h>
#include <torch/nn/functional/loss.h>
#include <torch/nn/functional/normalization.h>

#include <algorithm>
#include <array>

#include "train/detail/objective.h"

namespace lathe::train {
namespace {

namespace F = torch::nn::functional;
using torch::Tensor;

struct Padded {
    Tensor ids, mask;  ///< [N, T]
    std::int64_t tokens = 0;
};

/// The items of each set, one set behind the other, in one width.
Padded padTogether(std::initializer_list<const EncodedSet*> sets, std::span<const std::int32_t> items,
                   std::int64_t fill) {
    std::int32_t width = 1;
    for (const auto* set : sets)
        for (const auto item : items)
            width = std::max(width, set->lengths()[static_cast<std::size_t>(item)]);
    const auto rows = static_cast<std::int64_t>(sets.size() * items.size());
    Padded padded{torch::full({rows, width}, fill, torch::kInt64), torch::zeros({rows, width}, torch::kInt64)};
    auto* ids = padded.ids.data_ptr<std::int64_t>();
    auto* mask = padded.mask.data_ptr<std::int64_t>();
    for (const auto* set : sets)
        for (const auto item : items) {
            const auto text = set->ids(static_cast<std::size_t>(item));
            std::ranges::copy(text, ids);
            std::fill_n(mask, text.size(), 1);
            padded.tokens += static_cast<std::int64_t>(text.size());
            ids += width;
            mask += width;
        }
    return padded;
}

std::vector<std::int32_t> bothLengths(const EncodedSet& a, const EncodedSet& b) {
    std::vector<std::int32_t> lengths;
    for (std::size_t i = 0; i < a.size(); ++i)
        lengths.push_back(a.lengths()[i] + b.lengths()[i]);
    return lengths;
}

class SequenceSource final : public BatchSource {
public:
    SequenceSource(EncodedSet texts, EncodedSet targets, std::shared_ptr<nn::Network> network)
        : m_texts(std::move(texts)),
          m_targets(std::move(targets)),
          m_lengths(bothLengths(m_texts, m_targets)),
          m_network(std::move(network)) {}

    const std::vector<std::int32_t>& lengths() const override { return m_lengths; }
    std::unique_ptr<Objective> objective(const LossOptions& options) const override {
        return makeTokenObjective(options);
    }

    TrainBatch make(std::span<const std::int32_t> items, std::uint64_t) const override {
        const Padded text = padTogether({&m_texts}, items, std::max<std::int64_t>(0, m_network->config().padId));
        const Padded labels = padTogether({&m_targets}, items, kNoTarget);
        TrainBatch batch{.input = {}, .targets = {}, .rows = {}, .tokens = text.tokens + labels.tokens};
        batch.input.ids = text.ids;
        batch.input.mask = text.mask;
        batch.input.decoderIds = m_network->decoderInput(labels.ids);  // [B, U]
        const Tensor flat = labels.ids.flatten();
        batch.rows = flat.ne(kNoTarget).nonzero().flatten();
        batch.targets = flat.index_select(0, batch.rows);
        return batch;
    }

private:
    EncodedSet m_texts, m_targets;
    std::vector<std::int32_t> m_lengths;
    std::shared_ptr<nn::Network> m_network;
};

class MatchObjective final : public Objective {
public:
    explicit MatchObjective(double temperature) : m_temperature(temperature) {}

    PassResult learn(nn::Network& network, const TrainBatch& batch, double share) const override {
        const Tensor vectors = vectorsOf(network, batch);
        const Tensor cosines = cosinesOf(vectors);
        const Tensor loss = F::cross_entropy(cosines, batch.targets);
        lastBackward(loss * share);
        return {.loss = loss.item<double>(), .targets = batch.targets.size(0), .predicted = cosines.detach().argmax(1)};
    }

    PassResult judge(nn::Network& network, const TrainBatch& batch) const override {
        const torch::NoGradGuard noGrad;
        const Tensor vectors = vectorsOf(network, batch);
        return {.loss = F::cross_entropy(cosinesOf(vectors), batch.targets).item<double>(),
                .targets = batch.targets.size(0),
                .predicted = vectors.transpose(0, 1).contiguous()};  // [B, 2, C]
    }

    bool isSumOverTexts() const override { return false; }  // each text is compared with all of the batch

private:
    /// [2, B, C] of length 1: the mean of each text's states
    static Tensor vectorsOf(nn::Network& network, const TrainBatch& batch) {
        const Tensor states = network.hidden(batch.input);  // [2 B, P + T, C]
        const std::int64_t width = batch.input.ids.size(1), prompt = states.size(1) - width;
        const Tensor mask = batch.input.mask.to(torch::kFloat32).unsqueeze(2);  // [2 B, T, 1]
        const Tensor sums = (states.narrow(1, prompt, width).to(torch::kFloat32) * mask).sum(1);
        const Tensor means = sums / mask.sum(1).clamp_min(1);  // [2 B, C]
        return F::normalize(means).view({2, batch.targets.size(0), -1});
    }
    Tensor cosinesOf(const Tensor& vectors) const {
        return vectors[0].matmul(vectors[1].t()) / m_temperature;  // [B, B]
    }

    double m_temperature;
};

class MatchSource final : public BatchSource {
public:
    MatchSource(EncodedSet first, EncodedSet second, std::int64_t padId, double temperature)
        : m_first(std::move(first)),
          m_second(std::move(second)),
          m_lengths(bothLengths(m_first, m_second)),
          m_padId(std::max<std::int64_t>(0, padId)),
          m_temperature(temperature) {}

    const std::vector<std::int32_t>& lengths() const override { return m_lengths; }
    std::unique_ptr<Objective> objective(const LossOptions&) const override {
        return std::make_unique<MatchObjective>(m_temperature);
    }

    TrainBatch make(std::span<const std::int32_t> items, std::uint64_t) const override {
        const Padded padded = padTogether({&m_first, &m_second}, items, m_padId);
        TrainBatch batch{.input = {}, .targets = {}, .rows = {}, .tokens = padded.tokens};
        batch.input.ids = padded.ids;
        batch.input.mask = padded.mask;
        batch.targets = torch::arange(static_cast<std::int64_t>(items.size()));
        return batch;
    }

private:
    EncodedSet m_first, m_second;
    std::vector<std::int32_t> m_lengths;
    std::int64_t m_padId;
    double m_temperature;
};

}  // namespace

std::unique_ptr<BatchSource> makeSequenceSource(EncodedSet texts, EncodedSet targets,
                                                std::shared_ptr<nn::Network> network) {
    return std::make_unique<SequenceSource>(std::move(texts), std::move(targets), std::move(network));
}

std::unique_ptr<BatchSource> makeMatchSource(EncodedSet first, EncodedSet second, std::int64_t padId,
                                             double temperature) {
    return std::make_unique<MatchSource>(std::move(first), std::move(second), padId, temperature);
}

}  // namespace lathe::train
