// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Training of the n-gram classifier: softmax regression by stochastic gradient descent. Private.
#pragma once

#include <functional>

#include "linear/ngram_model.h"

namespace lathe::linear {

struct LabelledTexts {
    std::span<const std::string> texts;
    std::span<const int> labels;
};

Result<NgramModel> trainModel(LabelledTexts train, LabelledTexts dev, std::vector<std::string> labelNames,
                              const NgramOptions& options, JobContext& context,
                              const std::function<void(const EpochReport&)>& onEpoch);

}  // namespace lathe::linear
