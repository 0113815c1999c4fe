// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/batch_source.h"

#include <algorithm>
#include <cmath>

#include "core/random.h"
#include "train/detail/objectives.h"

namespace lathe::train {
namespace {

torch::Tensor toTensor(const std::vector<std::int64_t>& values) {
    return torch::tensor(values, torch::kInt64);
}

/// Copies the items' ids into a padded [B, T] tensor; the mask only if something is padded and it is asked for.
nn::Batch pad(const EncodedSet& set, std::span<const std::int32_t> items, std::int64_t padId, bool withMask) {
    std::int64_t longest = 1;
    bool even = true;
    for (const auto item : items) {
        const auto length = static_cast<std::int64_t>(set.lengths()[static_cast<std::size_t>(item)]);
        even = even && length == static_cast<std::int64_t>(set.lengths()[static_cast<std::size_t>(items[0])]);
        longest = std::max(longest, length);
    }
    const auto rows = static_cast<std::int64_t>(items.size());
    nn::Batch batch;
    batch.ids = torch::full({rows, longest}, std::max<std::int64_t>(0, padId), torch::kInt64);  // [B, T]
    if (withMask && !even)
        batch.mask = torch::zeros({rows, longest}, torch::kInt64);  // [B, T]
    auto* ids = batch.ids.data_ptr<std::int64_t>();
    auto* mask = batch.mask.defined() ? batch.mask.data_ptr<std::int64_t>() : nullptr;
    for (std::int64_t row = 0; row < rows; ++row) {
        const auto text = set.ids(static_cast<std::size_t>(items[static_cast<std::size_t>(row)]));
        std::ranges::copy(text, ids + row * longest);
        if (mask)
            std::fill_n(mask + row * longest, text.size(), 1);
    }
    if (std::ranges::any_of(items, [&](auto item) { return !set.typeIds(static_cast<std::size_t>(item)).empty(); })) {
        batch.typeIds = torch::zeros({rows, longest}, torch::kInt64);  // [B, T]
        for (std::int64_t row = 0; row < rows; ++row)
            std::ranges::copy(set.typeIds(static_cast<std::size_t>(items[static_cast<std::size_t>(row)])),
                              batch.typeIds.data_ptr<std::int64_t>() + row * longest);
    }
    return batch;
}

/// [B, T] int64: which of the texts packed into its row a position is of; undefined where every row is one text.
torch::Tensor segmentsOf(const EncodedSet& set, std::span<const std::int32_t> items, std::int64_t width) {
    if (std::ranges::all_of(items, [&](auto item) { return set.starts(static_cast<std::size_t>(item)).empty(); }))
        return {};
    auto segments = torch::zeros({static_cast<std::int64_t>(items.size()), width}, torch::kInt64);  // [B, T]
    auto* row = segments.data_ptr<std::int64_t>();
    for (const auto item : items) {
        for (const auto start : set.starts(static_cast<std::size_t>(item)))
            for (std::int64_t t = start; t < width; ++t)
                ++row[t];
        row += width;
    }
    return segments;
}

std::int64_t realTokens(const EncodedSet& set, std::span<const std::int32_t> items) {
    std::int64_t tokens = 0;
    for (const auto item : items)
        tokens += set.lengths()[static_cast<std::size_t>(item)];
    return tokens;
}

bool isSpecial(const Masking& masking, std::int64_t id) {
    return std::ranges::binary_search(masking.never, id);
}

/// Texts for a head with classes: one label, any number of them, a number, or a label a token.
class ClassificationSource final : public BatchSource {
public:
    ClassificationSource(EncodedSet set, std::int64_t padId, LabelTargets kind, Masking hidden)
        : m_set(std::move(set)), m_padId(padId), m_kind(kind), m_hidden(std::move(hidden)) {
        std::ranges::sort(m_hidden.never);
    }
    const std::vector<std::int32_t>& lengths() const override { return m_set.lengths(); }
    std::unique_ptr<Objective> objective(const LossOptions& options) const override {
        switch (m_kind) {
            case LabelTargets::Many:
                return makeAnyLabelObjective(options);
            case LabelTargets::Score:
                return makeScoreObjective(options);
            case LabelTargets::Tokens:
                return makeTokenLabelObjective(options);
            case LabelTargets::One:
                break;
        }
        return makeLabelObjective(options);
    }

    TrainBatch make(std::span<const std::int32_t> items, std::uint64_t salt) const override {
        TrainBatch batch{
            .input = pad(m_set, items, m_padId, true), .targets = {}, .rows = {}, .tokens = realTokens(m_set, items)};
        if (m_kind == LabelTargets::Tokens)
            askTokens(batch, items);
        else
            batch.targets = m_kind == LabelTargets::One ? labels(items) : values(items);
        if (m_hidden.share > 0 && m_hidden.maskId >= 0)
            hide(batch.input.ids, items, salt);
        return batch;
    }

private:
    torch::Tensor labels(std::span<const std::int32_t> items) const {
        std::vector<std::int64_t> labels;
        labels.reserve(items.size());
        for (const auto item : items)
            labels.push_back(m_set.label(static_cast<std::size_t>(item)));
        return toTensor(labels);  // [B]
    }

    /// [B, L] or, for a number a text, [B]
    torch::Tensor values(std::span<const std::int32_t> items) const {
        std::vector<float> values;
        for (const auto item : items)
            std::ranges::copy(m_set.values(static_cast<std::size_t>(item)), std::back_inserter(values));
        const auto all = torch::tensor(values, torch::kFloat32);
        return m_kind == LabelTargets::Score ? all : all.view({static_cast<std::int64_t>(items.size()), -1});
    }

    void askTokens(TrainBatch& batch, std::span<const std::int32_t> items) const {
        const std::int64_t width = batch.input.ids.size(1);
        std::vector<std::int64_t> rows, targets, groups;
        for (std::size_t b = 0; b < items.size(); ++b) {
            const auto marks = m_set.marks(static_cast<std::size_t>(items[b]));
            for (std::size_t t = 0; t < marks.size(); ++t) {
                if (marks[t] == kNoTarget)
                    continue;
                rows.push_back(static_cast<std::int64_t>(b) * width + static_cast<std::int64_t>(t));
                targets.push_back(marks[t]);
                groups.push_back(static_cast<std::int64_t>(b));
            }
        }
        batch.rows = toTensor(rows);
        batch.targets = toTensor(targets);
        batch.groups = toTensor(groups);
    }

    void hide(torch::Tensor& tensor, std::span<const std::int32_t> items, std::uint64_t salt) const {
        auto* ids = tensor.data_ptr<std::int64_t>();
        const std::int64_t width = tensor.size(1);
        for (std::size_t b = 0; b < items.size(); ++b) {
            const auto item = static_cast<std::size_t>(items[b]);
            Random random(mixSeed(salt, item));
            for (std::int64_t t = 0; t < m_set.lengths()[item]; ++t) {
                auto& id = ids[static_cast<std::int64_t>(b) * width + t];
                if (random.unit() < m_hidden.share && !isSpecial(m_hidden, id))
                    id = m_hidden.maskId;
            }
        }
    }

    EncodedSet m_set;
    std::int64_t m_padId;
    LabelTargets m_kind;
    Masking m_hidden;
};

class NextTokenSource final : public BatchSource {
public:
    NextTokenSource(EncodedSet set, std::int64_t padId) : m_set(std::move(set)), m_padId(padId) {}
    const std::vector<std::int32_t>& lengths() const override { return m_set.lengths(); }
    std::unique_ptr<Objective> objective(const LossOptions& options) const override {
        return makeTokenObjective(options);
    }

    TrainBatch make(std::span<const std::int32_t> items, std::uint64_t) const override {
        TrainBatch batch{
            .input = pad(m_set, items, m_padId, false), .targets = {}, .rows = {}, .tokens = realTokens(m_set, items)};
        const std::int64_t width = batch.input.ids.size(1);
        std::vector<std::int64_t> rows;
        std::vector<std::int64_t> targets;
        for (std::size_t b = 0; b < items.size(); ++b) {
            const auto item = static_cast<std::size_t>(items[b]);
            const auto ids = m_set.ids(item);
            const auto marks = m_set.marks(item);
            const auto starts = m_set.starts(item);
            for (auto t = static_cast<std::size_t>(m_set.lossFrom(item)); t < ids.size(); ++t) {
                const bool begins = std::ranges::binary_search(starts, static_cast<std::int32_t>(t));
                if (begins || (!marks.empty() && marks[t] == kNoTarget))
                    continue;  // nothing in front of a text's first token says what it will be
                rows.push_back(static_cast<std::int64_t>(b) * width + static_cast<std::int64_t>(t) - 1);
                targets.push_back(ids[t]);
            }
        }
        batch.rows = toTensor(rows);
        batch.targets = toTensor(targets);
        batch.input.segments = segmentsOf(m_set, items, width);
        return batch;
    }

private:
    EncodedSet m_set;
    std::int64_t m_padId;
};

class MaskedTokenSource final : public BatchSource {
public:
    MaskedTokenSource(EncodedSet set, std::int64_t padId, Masking masking)
        : m_set(std::move(set)), m_padId(padId), m_masking(std::move(masking)) {
        std::ranges::sort(m_masking.never);
    }
    const std::vector<std::int32_t>& lengths() const override { return m_set.lengths(); }
    std::unique_ptr<Objective> objective(const LossOptions& options) const override {
        return makeTokenObjective(options);
    }

    TrainBatch make(std::span<const std::int32_t> items, std::uint64_t salt) const override {
        TrainBatch batch{
            .input = pad(m_set, items, m_padId, true), .targets = {}, .rows = {}, .tokens = realTokens(m_set, items)};
        auto* ids = batch.input.ids.data_ptr<std::int64_t>();
        const std::int64_t width = batch.input.ids.size(1);
        std::vector<std::int64_t> rows;
        std::vector<std::int64_t> targets;
        for (std::size_t b = 0; b < items.size(); ++b) {
            const auto item = static_cast<std::size_t>(items[b]);
            Random random(mixSeed(salt, item));
            for (const std::int32_t t : choose(m_set.ids(item), random)) {
                const std::int64_t at = static_cast<std::int64_t>(b) * width + t;
                rows.push_back(at);
                targets.push_back(ids[at]);
                ids[at] = replacement(ids[at], random);
            }
        }
        batch.rows = toTensor(rows);
        batch.targets = toTensor(targets);
        return batch;
    }

private:
    /// Positions to predict, in ascending order.
    std::vector<std::int32_t> choose(std::span<const text::TokenId> text, Random& random) const {
        std::vector<std::int32_t> candidates;
        for (std::size_t t = 0; t < text.size(); ++t)
            if (!isSpecial(m_masking, text[t]))
                candidates.push_back(static_cast<std::int32_t>(t));
        if (candidates.empty())
            return candidates;
        const auto wanted = std::lround(m_masking.share * static_cast<double>(candidates.size()));
        random.shuffle(candidates);
        candidates.resize(std::clamp<std::size_t>(static_cast<std::size_t>(wanted), 1, candidates.size()));
        std::ranges::sort(candidates);
        return candidates;
    }

    std::int64_t replacement(std::int64_t id, Random& random) const {
        const double draw = random.unit();
        if (draw < 0.8)
            return m_masking.maskId;
        if (draw < 0.9) {
            const auto other = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(m_masking.vocabSize)));
            return isSpecial(m_masking, other) ? id : other;
        }
        return id;
    }

    EncodedSet m_set;
    std::int64_t m_padId;
    Masking m_masking;
};

}  // namespace

TrainBatch TrainBatch::to(torch::Device device) const {
    if (device.is_cpu())
        return *this;
    TrainBatch moved = *this;
    for (torch::Tensor* tensor : {&moved.input.ids, &moved.input.mask, &moved.input.typeIds, &moved.input.segments,
                                  &moved.input.decoderIds, &moved.input.decoderMask, &moved.targets, &moved.rows,
                                  &moved.groups, &moved.answers, &moved.reference, &moved.teacher})
        if (tensor->defined())
            *tensor = tensor->to(device, /*non_blocking=*/true);
    return moved;
}

std::unique_ptr<BatchSource> makeClassificationSource(EncodedSet set, std::int64_t padId, Masking hidden) {
    return std::make_unique<ClassificationSource>(std::move(set), padId, LabelTargets::One, std::move(hidden));
}

std::unique_ptr<BatchSource> makeLabelSource(EncodedSet set, std::int64_t padId, LabelTargets kind, Masking hidden) {
    return std::make_unique<ClassificationSource>(std::move(set), padId, kind, std::move(hidden));
}

std::unique_ptr<BatchSource> makeNextTokenSource(EncodedSet set, std::int64_t padId) {
    return std::make_unique<NextTokenSource>(std::move(set), padId);
}

std::unique_ptr<BatchSource> makeMaskedTokenSource(EncodedSet set, std::int64_t padId, Masking masking) {
    return std::make_unique<MaskedTokenSource>(std::move(set), padId, std::move(masking));
}

}  // namespace lathe::train
