// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/preference.h"

#include <fmt/format.h>
#include <torch/autograd.h>

#include <algorithm>
#include <array>

#include "nn/safetensors.h"
#include "train/detail/batch_order.h"

namespace lathe::train {
namespace {

using torch::Tensor;

/// Elements of a piece of logits, as for the losses of single tokens.
constexpr std::int64_t kPieceElements = 4 << 20;
constexpr std::int64_t kReferencePairs = 64;
constexpr std::int64_t kReferenceTokens = 8192;

/// \p rows [N, C], answers [N] -> the log-probability of each [N] float32, handed over piece by piece.
template <typename Take>
void forEachPiece(nn::Network& network, const Tensor& rows, const Tensor& answers, const Take& take) {
    const std::int64_t step =
        std::max<std::int64_t>(32, kPieceElements / std::max<std::int64_t>(1, network.config().vocabSize));
    for (std::int64_t begin = 0; begin < answers.numel(); begin += step) {
        const std::int64_t count = std::min(step, answers.numel() - begin);
        const Tensor logits = network.tokenLogits(rows.narrow(0, begin, count)).to(torch::kFloat32);  // [n, V]
        const Tensor wanted = answers.narrow(0, begin, count).unsqueeze(1);                           // [n, 1]
        take(logits.gather(1, wanted).squeeze(1) - logits.logsumexp(1), begin, count);
    }
}

/// [2, B] float64
Tensor sumsOf(nn::Network& network, const TrainBatch& batch, const Tensor& rows) {
    const torch::NoGradGuard noGrad;
    const std::int64_t texts = batch.input.ids.size(0);
    Tensor sums = torch::zeros({texts}, torch::dtype(torch::kFloat64).device(rows.device()));
    forEachPiece(network, rows, batch.answers, [&](const Tensor& said, std::int64_t begin, std::int64_t count) {
        sums.index_add_(0, batch.groups.narrow(0, begin, count), said.to(torch::kFloat64));
    });
    return sums.view({2, texts / 2});
}

Tensor answerRows(nn::Network& network, const TrainBatch& batch) {
    const Tensor hidden = network.hidden(batch.input);  // [2 B, P + T, C]
    const std::int64_t width = batch.input.ids.size(1), prompt = hidden.size(1) - width;
    return hidden.narrow(1, prompt, width).reshape({-1, hidden.size(2)}).index_select(0, batch.rows);  // [N, C]
}

/// Answer tokens of each row: [2, B] float64
Tensor lengthsOf(const TrainBatch& batch) {
    const std::int64_t texts = batch.input.ids.size(0);
    return torch::bincount(batch.groups, {}, texts).to(torch::kFloat64).clamp_min(1).view({2, texts / 2});
}

class PreferenceObjective final : public Objective {
public:
    explicit PreferenceObjective(PreferenceOptions options) : m_options(options) {}

    PassResult learn(nn::Network& network, const TrainBatch& batch, double share) const override {
        const Tensor rows = answerRows(network, batch);
        // The loss bends the sums, so they are needed before any gradient; then each token's log-probability is worth
        // what its answer's sum is worth. At no time are there [N, V] logits.
        Tensor sums = sumsOf(network, batch, rows.detach());
        sums.set_requires_grad(true);
        const Tensor loss = valuesOf(sums, batch).losses.mean();
        (loss * share).backward();
        const Tensor worth = sums.grad().flatten().index_select(0, batch.groups).to(torch::kFloat32);  // [N]
        Tensor cutRows = rows.detach();
        cutRows.set_requires_grad(true);
        forEachPiece(network, cutRows, batch.answers, [&](const Tensor& said, std::int64_t begin, std::int64_t count) {
            (said * worth.narrow(0, begin, count)).sum().backward();
        });
        if (rows.requires_grad())
            lastBackward(rows, cutRows.grad().to(rows.scalar_type()));
        return {.loss = loss.item<double>(), .targets = batch.targets.size(0)};
    }

    PassResult judge(nn::Network& network, const TrainBatch& batch) const override {
        const torch::NoGradGuard noGrad;
        const auto values = valuesOf(sumsOf(network, batch, answerRows(network, batch)), batch);
        return {.loss = values.losses.mean().item<double>(),
                .targets = batch.targets.size(0),
                .predicted = values.margins.to(torch::kFloat32)};
    }

private:
    PreferenceValues valuesOf(const Tensor& sums, const TrainBatch& batch) const {
        return preferenceValues(sums, batch.reference, lengthsOf(batch), m_options);
    }

    PreferenceOptions m_options;
};

class PreferenceSource final : public BatchSource {
public:
    PreferenceSource(EncodedSet chosen, EncodedSet rejected, ReferenceScores reference, std::int64_t padId,
                     PreferenceOptions options)
        : m_sides{std::move(chosen), std::move(rejected)},
          m_reference(std::move(reference)),
          m_padId(padId),
          m_options(options) {
        for (std::size_t i = 0; i < m_sides[0].size(); ++i)
            m_lengths.push_back(m_sides[0].lengths()[i] + m_sides[1].lengths()[i]);
    }

    const std::vector<std::int32_t>& lengths() const override { return m_lengths; }
    std::unique_ptr<Objective> objective(const LossOptions&) const override {
        return std::make_unique<PreferenceObjective>(m_options);
    }

    TrainBatch make(std::span<const std::int32_t> items, std::uint64_t) const override {
        const auto pairs = static_cast<std::int64_t>(items.size());
        std::int32_t width = 1;
        for (const auto& side : m_sides)
            for (const auto item : items)
                width = std::max(width, side.lengths()[static_cast<std::size_t>(item)]);
        TrainBatch batch{.input = {}, .targets = torch::zeros({pairs}), .rows = {}};
        batch.input.ids = torch::full({2 * pairs, width}, std::max<std::int64_t>(0, m_padId), torch::kInt64);
        std::vector<std::int64_t> rows, answers, groups;
        std::vector<double> reference;
        for (std::size_t s = 0; s < m_sides.size(); ++s)
            for (std::size_t i = 0; i < items.size(); ++i) {
                const auto item = static_cast<std::size_t>(items[i]);
                const auto row = static_cast<std::int64_t>(s * items.size() + i);
                const auto ids = m_sides[s].ids(item);
                std::ranges::copy(ids, batch.input.ids.data_ptr<std::int64_t>() + row * width);
                batch.tokens += static_cast<std::int64_t>(ids.size());
                const auto marks = m_sides[s].marks(item);
                for (auto t = static_cast<std::size_t>(m_sides[s].lossFrom(item)); t < ids.size(); ++t) {
                    if (!marks.empty() && marks[t] == kNoTarget)
                        continue;
                    rows.push_back(row * width + static_cast<std::int64_t>(t) - 1);
                    answers.push_back(ids[t]);
                    groups.push_back(row);
                }
                if (!m_reference.chosen.empty())
                    reference.push_back(s == 0 ? m_reference.chosen[item] : m_reference.rejected[item]);
            }
        batch.rows = torch::tensor(rows, torch::kInt64);
        batch.answers = torch::tensor(answers, torch::kInt64);
        batch.groups = torch::tensor(groups, torch::kInt64);
        if (!reference.empty())
            batch.reference = torch::tensor(reference, torch::kFloat64).view({2, pairs});
        return batch;
    }

private:
    std::array<EncodedSet, 2> m_sides;
    ReferenceScores m_reference;
    std::int64_t m_padId;
    PreferenceOptions m_options;
    std::vector<std::int32_t> m_lengths;
};

}  // namespace

PreferenceValues preferenceValues(const Tensor& sums, const Tensor& reference, const Tensor& lengths,
                                  const PreferenceOptions& options) {
    if (options.loss == PreferenceLoss::Dpo) {
        TORCH_CHECK(reference.defined(), "this loss compares with a reference model");
        const Tensor gained = sums - reference;  // [2, B]
        const Tensor margins = options.beta * (gained[0] - gained[1]);
        return {-torch::log_sigmoid(margins), margins.detach()};
    }
    const Tensor means = sums / lengths;  // [2, B], below 0
    if (options.loss == PreferenceLoss::SimPo) {
        const Tensor margins = options.beta * (means[0] - means[1]);
        return {-torch::log_sigmoid(margins - options.margin), margins.detach()};
    }
    // log(1 - e^x) without losing digits near 0
    const Tensor odds = means - torch::log(-torch::expm1(means.clamp_max(-1e-12)));
    const Tensor margins = odds[0] - odds[1];
    return {-means[0] - options.beta * torch::log_sigmoid(margins), margins.detach()};
}

std::unique_ptr<BatchSource> makePreferenceSource(EncodedSet chosen, EncodedSet rejected, ReferenceScores reference,
                                                  std::int64_t padId, PreferenceOptions options) {
    return std::make_unique<PreferenceSource>(std::move(chosen), std::move(rejected), std::move(reference), padId,
                                              options);
}

Result<ReferenceScores> referenceScores(nn::Network& network, const EncodedSet& chosen, const EncodedSet& rejected,
                                        torch::Device device, nn::Precision precision, JobContext& job) {
    const torch::NoGradGuard noGrad;
    const nn::PrecisionScope scope(precision);
    const PreferenceSource source(chosen, rejected, {}, network.config().padId, {});
    ReferenceScores scores{std::vector<double>(chosen.size()), std::vector<double>(chosen.size())};
    const bool training = network.is_training();
    network.eval();
    std::int64_t done = 0;
    for (const auto& items : evaluationBatches(source.lengths(), kReferencePairs, kReferenceTokens)) {
        if (job.stopRequested()) {
            network.train(training);
            return fail(ErrorCode::Canceled, "stopped while the starting model was asked for its probabilities");
        }
        const TrainBatch batch = source.make(items, 0).to(device);
        const Tensor sums = sumsOf(network, batch, answerRows(network, batch)).cpu().contiguous();
        const auto* values = sums.data_ptr<double>();
        for (std::size_t i = 0; i < items.size(); ++i) {
            scores.chosen[static_cast<std::size_t>(items[i])] = values[i];
            scores.rejected[static_cast<std::size_t>(items[i])] = values[items.size() + i];
        }
        job.progress(done += static_cast<std::int64_t>(items.size()), static_cast<std::int64_t>(chosen.size()),
                     "Asking the starting model");
    }
    network.train(training);
    return scores;
}

Result<> saveReference(const ReferenceScores& scores, const std::filesystem::path& file) {
    return nn::writeSafetensors(file, {{"chosen", torch::tensor(scores.chosen, torch::kFloat64)},
                                       {"rejected", torch::tensor(scores.rejected, torch::kFloat64)}});
}

Result<ReferenceScores> loadReference(const std::filesystem::path& file, std::size_t pairs) {
    LATHE_TRY(const auto reader, nn::WeightsReader::open(file));
    ReferenceScores scores;
    for (const auto& [name, to] : {std::pair("chosen", &scores.chosen), std::pair("rejected", &scores.rejected)}) {
        LATHE_TRY(const Tensor tensor, reader.tensor(name));
        const Tensor values = tensor.to(torch::kFloat64).contiguous();
        if (values.dim() != 1 || static_cast<std::size_t>(values.numel()) != pairs)
            return fail(ErrorCode::InvalidInput,
                        fmt::format("{} is not of these {} pairs; start a new run", file.string(), pairs));
        to->assign(values.data_ptr<double>(), values.data_ptr<double>() + values.numel());
    }
    return scores;
}

}  // namespace lathe::train
