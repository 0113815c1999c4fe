// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a single-label classifier answers to labelled texts, by index: what evaluate and compare count from.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cli/console.h"
#include "cli/labelled_source.h"
#include "infer/text_model.h"

namespace lathe::cli {

/// Indices and probabilities; the texts are let go.
struct LabelAnswers {
    std::vector<std::string> labels;  ///< the model's, then those that only the data has
    std::size_t modelLabels = 0;
    std::vector<std::int64_t> ids;                ///< as LabelledText's
    std::vector<int> gold, predicted;             ///< indices into labels
    std::vector<float> probabilities;             ///< [items, modelLabels], when kept
    std::map<std::string, std::int64_t> unknown;  ///< labels of the data that the model has not, with their texts
    double lossSum = 0;                           ///< nats, of the texts whose label the model has
    std::int64_t lossItems = 0, truncated = 0;

    double meanLoss() const { return lossItems > 0 ? lossSum / static_cast<double>(lossItems) : 0; }
};

struct AnswerOptions {
    bool skipUnknown = false;        ///< texts whose label the model has not are left out; else they count as wrong
    bool keepProbabilities = false;  ///< up to kMaxKept numbers; beyond it `probabilities` is empty
    /// Takes each text with its answer, in order.
    std::function<void(const LabelledText& text, int predicted, float probability)> each = {};
};
/// 256 MB of float32.
inline constexpr std::size_t kMaxKept = std::size_t{64} << 20;

/// \p stage names the work on the progress line. \returns what reading and classifying give; InvalidInput when \p
/// source has no text that can be used.
Result<LabelAnswers> answerLabels(Console& console, infer::TextModel& model, LabelledSource& source, const char* stage,
                                  const AnswerOptions& options = {});

/// A labelled data file, or a project's samples of \p split ("all": of all). \p run as openLabelledProject().
Result<std::unique_ptr<LabelledSource>> openLabelledData(const std::string& data, const std::string& split,
                                                         const LabelledFileOptions& columns, const std::string& run);

/// Warnings of what could not be used: unknown labels, cut texts, rejected rows.
void tellLimits(Console& console, const LabelAnswers& answers, const LabelledSource& source);

}  // namespace lathe::cli
