// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Why did the model say that? What each word of a text does to a classifier's answer. Torch-free facade.
// Thread: the model's (compute lane).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/job_context.h"
#include "core/result.h"
#include "infer/text_model.h"

namespace lathe::infer {

/// A word and what it adds to the answer: above 0 speaks for the label, below 0 against it.
struct WordShare {
    std::int32_t begin = 0, end = 0;  ///< code points, half-open
    double share = 0;
};

struct Attribution {
    int label = 0;  ///< index into the model's labels
    /// The answer that is explained: the label's log-probability in nats; for models that give numbers, the number.
    double answer = 0;
    /// Integrated gradients: the answer to the same text with all words blank. Leave-one-out: 0, it has none.
    double baseline = 0;
    std::vector<WordShare> words;  ///< in the text's order; white space is no word
    /// Integrated gradients: answer - baseline - sum of the shares. Far from 0 when more steps are needed, or when the
    /// text was cut.
    double missing = 0;
    bool truncated = false;
};

/// A model whose answers have a gradient by its input.
class Differentiable {
public:
    virtual ~Differentiable() = default;
    /// As the function of this name.
    virtual Result<Attribution> integrateGradients(const std::string& text, std::optional<int> label, int steps,
                                                   JobContext& context) = 0;
};

/// Words as ICU's dictionaries part them, Chinese too; half-open in code points. White space is left out.
std::vector<WordShare> wordsOf(const std::string& text);

/// The answer less the answer without each word: exact, one classification a word, any classifier. \p label none: the
/// likeliest. \returns what classify() does; Unsupported for models of labelled parts and generators; InvalidInput for
/// a label that the model has not.
Result<Attribution> leaveOneOut(TextModel& model, const std::string& text, std::optional<int> label,
                                JobContext& context);

/// Along a straight line from blank word embeddings to the text's, \p steps midpoints. \returns Unsupported for models
/// without gradients (n-grams, ensembles) or of text pairs. \source Sundararajan et al. 2017
Result<Attribution> integratedGradients(TextModel& model, const std::string& text, std::optional<int> label, int steps,
                                        JobContext& context);

}  // namespace lathe::infer
