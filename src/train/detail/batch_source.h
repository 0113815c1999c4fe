// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// BatchSource: turns items of an EncodedSet into tensors, one kind a training task.
// Thread: compute lane.
#pragma once

#include <torch/types.h>

#include <memory>
#include <span>

#include "nn/network.h"
#include "train/detail/encoded_set.h"

namespace lathe::train {

/// One step's input and what the model should say to it.
struct TrainBatch {
    nn::Batch input;
    torch::Tensor targets;  ///< [B] labels, [B, L] or [B] float32, or [N] token ids
    torch::Tensor rows;     ///< [N] int64: positions in [B * T] that are to predict a token; undefined = classification
    torch::Tensor teacher = {};  ///< [B, L] logits or log-probabilities of a teacher; undefined = none
    /// [N] int64: the row of the batch that each target is of; undefined = not asked.
    torch::Tensor groups = {};
    /// Pairs of texts are 2 B rows, the first texts and then the second ones; targets are [B] then. Of preferences the
    /// tokens at the batch's rows [N] int64, and what the starting model gives the answers [2, B] float64.
    torch::Tensor answers = {}, reference = {};
    std::int64_t tokens = 0;  ///< real tokens, padding left out

    TrainBatch to(torch::Device device) const;
};

class Objective;
struct LossOptions;

class BatchSource {
public:
    virtual ~BatchSource() = default;
    virtual const std::vector<std::int32_t>& lengths() const = 0;
    /// \param salt decides what is masked (MaskedTokenSource); the others do not use it.
    virtual TrainBatch make(std::span<const std::int32_t> items, std::uint64_t salt) const = 0;
    /// What its batches are for.
    virtual std::unique_ptr<Objective> objective(const LossOptions& options) const = 0;
};

/// Next tokens from lossFrom on, where marks do not leave them out. Texts that are packed into a row do not see each
/// other. Padded on the right without a mask: in a causal model no real position sees the
/// padding.
std::unique_ptr<BatchSource> makeNextTokenSource(EncodedSet set, std::int64_t padId);

/// Which tokens are hidden behind [MASK], or changed.
struct Masking {
    double share = 0;  ///< of the tokens that are not special; at least one a text
    text::TokenId maskId = -1;
    std::int64_t vocabSize = 0;
    std::vector<text::TokenId> never = {};  ///< special tokens: neither masked nor drawn as replacement
};
/// Texts with labels. The mask is left undefined where nothing is padded. A share of the tokens, drawn anew by each
/// salt, is hidden behind [MASK], so that no single word decides (share 0 or no [MASK]: none).
std::unique_ptr<BatchSource> makeClassificationSource(EncodedSet set, std::int64_t padId, Masking hidden = {});
/// What the targets of texts with labels are.
enum class LabelTargets {
    One,     ///< EncodedText::label -> [B] int64
    Many,    ///< EncodedText::values -> [B, L] float32
    Score,   ///< EncodedText::values -> [B] float32
    Tokens,  ///< EncodedText::marks -> [N] int64 at the batch's rows, with groups
};
/// As makeClassificationSource, for all of them.
std::unique_ptr<BatchSource> makeLabelSource(EncodedSet set, std::int64_t padId, LabelTargets kind,
                                             Masking hidden = {});
/// Masked tokens: of the chosen ones 80 % become [MASK], 10 % another token, 10 % stay. \source arXiv:1810.04805, 3.1
std::unique_ptr<BatchSource> makeMaskedTokenSource(EncodedSet set, std::int64_t padId, Masking masking);

}  // namespace lathe::train
