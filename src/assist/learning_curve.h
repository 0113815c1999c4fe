// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// "Would more labels help?": accuracy at a quarter, a half, three quarters and all of the labels there are.
// Thread: any.
#pragma once

#include "assist/cross_validation.h"

namespace lathe::assist {

struct CurvePoint {
    std::int64_t labels = 0;   ///< that a model was trained on, on average over the folds
    double accuracy = 0;       ///< on texts that the model has not seen
    double low = 0, high = 1;  ///< 95 % (Wilson, over all texts)
};

enum class MoreLabels {
    TooFew,   ///< to tell
    Yes,      ///< the last third of the labels made a difference that is no accident
    Perhaps,  ///< it may have
    No,       ///< a point of accuracy at most
};

struct LearningCurve {
    std::vector<CurvePoint> points;
    MoreLabels answer = MoreLabels::TooFew;
    /// What going from three quarters to all of the labels changed, on the same texts, with its 95 % interval.
    double gain = 0, gainLow = 0, gainHigh = 0;
};

/// Fewer labelled texts say nothing about a curve.
inline constexpr std::size_t kLeastForCurve = 50;

/// Each point is cross-validated with the n-gram classifier; CrossValidation::share is the curve's own. With fewer than
/// kLeastForCurve texts, or one label alone, the answer is TooFew and there are no points. \returns Canceled.
Result<LearningCurve> learningCurve(const TrainingTexts& data, const CrossValidation& how, JobContext& context);

/// The answer in one or two plain sentences, in English.
std::string describe(const LearningCurve& curve);

}  // namespace lathe::assist
