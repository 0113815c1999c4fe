// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "eval/ranking.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "eval/detail/scores_table.h"

namespace lathe::eval {

RankingCurve rankingCurve(std::span<const float> scores, std::span<const std::uint8_t> positive) {
    if (scores.size() != positive.size())
        throw std::logic_error("rankingCurve: scores and answers differ in number");
    struct Item {
        double score;
        bool positive;
    };
    std::vector<Item> items;
    items.reserve(scores.size());
    RankingCurve curve;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        const double score = std::isfinite(scores[i]) ? static_cast<double>(scores[i])
                                                      : -static_cast<double>(std::numeric_limits<float>::max());
        items.push_back({score, positive[i] != 0});
        ++(positive[i] != 0 ? curve.positives : curve.negatives);
    }
    std::ranges::sort(items, [](const Item& a, const Item& b) { return a.score > b.score; });
    RankingPoint now;
    for (std::size_t i = 0; i < items.size(); ++i) {
        ++(items[i].positive ? now.truePositives : now.falsePositives);
        now.threshold = items[i].score;
        // Equal scores cannot be told apart by any threshold: they are one point.
        if (i + 1 == items.size() || items[i + 1].score != items[i].score)
            curve.points.push_back(now);
    }
    double area = 0;
    double precisionSum = 0;
    RankingPoint last;
    for (const RankingPoint& point : curve.points) {
        const auto width = static_cast<double>(point.falsePositives - last.falsePositives);
        area += width * static_cast<double>(point.truePositives + last.truePositives) / 2;
        precisionSum += static_cast<double>(point.truePositives - last.truePositives) * RankingCurve::precision(point);
        last = point;
    }
    const auto positives = static_cast<double>(curve.positives);
    if (curve.positives > 0 && curve.negatives > 0)
        curve.rocAuc = area / (positives * static_cast<double>(curve.negatives));
    if (curve.positives > 0)
        curve.averagePrecision = precisionSum / positives;
    return curve;
}

double RankingCurve::truePositiveRate(const RankingPoint& point) const {
    return share(point.truePositives, positives);
}

double RankingCurve::falsePositiveRate(const RankingPoint& point) const {
    return share(point.falsePositives, negatives);
}

double RankingCurve::precision(const RankingPoint& point) {
    const std::int64_t said = point.truePositives + point.falsePositives;
    return said == 0 ? 1 : share(point.truePositives, said);
}

double RankingCurve::f1(const RankingPoint& point) const {
    return share(2 * point.truePositives, positives + point.truePositives + point.falsePositives);
}

std::optional<RankingPoint> RankingCurve::bestF1() const {
    if (positives == 0)
        return {};
    return *std::ranges::max_element(points, {}, [this](const RankingPoint& point) { return f1(point); });
}

}  // namespace lathe::eval
