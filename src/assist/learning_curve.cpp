// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "assist/learning_curve.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/intervals.h"

namespace lathe::assist {
namespace {

constexpr std::array kShares{0.25, 0.5, 0.75, 1.0};
/// A gain below this is not worth a third more labels.
constexpr double kWorthwhile = 0.01;

MoreLabels answerFrom(const LearningCurve& curve) {
    if (curve.gainLow > 0)
        return curve.gain >= kWorthwhile / 2 ? MoreLabels::Yes : MoreLabels::Perhaps;
    return curve.gainHigh < kWorthwhile ? MoreLabels::No : MoreLabels::Perhaps;
}

}  // namespace

Result<LearningCurve> learningCurve(const TrainingTexts& data, const CrossValidation& how, JobContext& context) {
    LearningCurve curve;
    const bool oneLabel = std::ranges::none_of(data.labels, [&](int label) { return label != data.labels.front(); });
    if (data.texts.size() < kLeastForCurve || oneLabel)
        return curve;
    const std::size_t labels = data.labelNames.size();
    std::vector<std::vector<int>> correct;
    for (const double share : kShares) {
        CrossValidation part = how;
        part.share = share;
        context.progress(static_cast<std::int64_t>(correct.size()), kShares.size(), "measuring");
        LATHE_TRY(const OutOfFold predicted, predictOutOfFold(data, part, context));
        auto& hits = correct.emplace_back();
        for (std::size_t i = 0; i < data.texts.size(); ++i) {
            const auto row = std::span(predicted.probabilities).subspan(i * labels, labels);
            hits.push_back(std::ranges::max_element(row) - row.begin() == data.labels[i] ? 1 : 0);
        }
        const auto all = static_cast<std::int64_t>(hits.size());
        const std::int64_t right = std::ranges::count(hits, 1);
        const Interval interval = wilsonInterval(right, all);
        curve.points.push_back({std::llround(predicted.trainedOn),
                                static_cast<double>(right) / static_cast<double>(all), interval.low, interval.high});
    }
    const auto& before = correct[correct.size() - 2];
    const auto& after = correct.back();
    const auto n = static_cast<double>(after.size());
    double sum = 0, squares = 0;
    for (std::size_t i = 0; i < after.size(); ++i) {
        const double difference = after[i] - before[i];
        sum += difference;
        squares += difference * difference;
    }
    curve.gain = sum / n;
    const double error = kZ95 * std::sqrt(std::max(0.0, squares / n - curve.gain * curve.gain) / n);
    curve.gainLow = curve.gain - error;
    curve.gainHigh = curve.gain + error;
    curve.answer = answerFrom(curve);
    return curve;
}

std::string describe(const LearningCurve& curve) {
    if (curve.answer == MoreLabels::TooFew)
        return fmt::format("Too few labels to tell: label {} texts of two labels at least.", kLeastForCurve);
    const auto& before = curve.points[curve.points.size() - 2];
    const auto& after = curve.points.back();
    const std::string change =
        fmt::format("Going from {} to {} labels changed the accuracy by {:+.1f} points ({:+.1f} to {:+.1f}).",
                    before.labels, after.labels, 100 * curve.gain, 100 * curve.gainLow, 100 * curve.gainHigh);
    switch (curve.answer) {
        case MoreLabels::Yes:
            return "Yes, more labels would help. " + change;
        case MoreLabels::No:
            return "No, more labels alone would change little. " + change;
        case MoreLabels::Perhaps:
        case MoreLabels::TooFew:
            break;
    }
    return "Perhaps: the difference is within what chance does. " + change;
}

}  // namespace lathe::assist
