// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// ROC and precision-recall of one label against the rest, as scikit-learn counts them. Thread: any.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace lathe::eval {

struct RankingPoint {
    double threshold = 0;  ///< scores at or above it count as yes
    std::int64_t truePositives = 0, falsePositives = 0;
};

struct RankingCurve {
    std::int64_t positives = 0, negatives = 0;
    std::vector<RankingPoint> points;        ///< falling thresholds, one for each score that occurs
    std::optional<double> rocAuc;            ///< empty without positives or without negatives
    std::optional<double> averagePrecision;  ///< empty without positives

    double truePositiveRate(const RankingPoint& point) const;
    double falsePositiveRate(const RankingPoint& point) const;
    static double precision(const RankingPoint& point);  ///< 1 where nothing was said yes to
    double f1(const RankingPoint& point) const;
    /// The threshold with the best F1, the highest of equals; empty without positives. Choose it on dev, not on test.
    std::optional<RankingPoint> bestF1() const;
};

/// \p scores higher for likelier; \p positive 1 or 0; of equal length. A score that is not finite counts as the lowest.
RankingCurve rankingCurve(std::span<const float> scores, std::span<const std::uint8_t> positive);

}  // namespace lathe::eval
