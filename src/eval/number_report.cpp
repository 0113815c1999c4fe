// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "eval/number_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "core/real_json.h"

namespace lathe::eval {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

double mean(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// 1-based.
std::vector<double> ranksOf(std::span<const double> values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return values[i]; });
    std::vector<double> ranks(values.size());
    for (std::size_t begin = 0; begin < order.size();) {
        std::size_t end = begin + 1;
        while (end < order.size() && values[order[end]] == values[order[begin]])
            ++end;
        for (std::size_t i = begin; i < end; ++i)
            ranks[order[i]] = static_cast<double>(begin + 1 + end) / 2;
        begin = end;
    }
    return ranks;
}

/// Mean of \p f(x, y) over all pairs.
template <class F>
double meanOf(std::span<const double> x, std::span<const double> y, F&& f) {
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
        sum += f(x[i], y[i]);
    return x.empty() ? kNothing : sum / static_cast<double>(x.size());
}

}  // namespace

double pearson(std::span<const double> x, std::span<const double> y) {
    if (x.empty())
        return kNothing;
    const double meanX = mean(x), meanY = mean(y);
    double xy = 0, xx = 0, yy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xy += (x[i] - meanX) * (y[i] - meanY);
        xx += (x[i] - meanX) * (x[i] - meanX);
        yy += (y[i] - meanY) * (y[i] - meanY);
    }
    return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : kNothing;  // what never changes correlates with nothing
}

double spearman(std::span<const double> x, std::span<const double> y) {
    return pearson(ranksOf(x), ranksOf(y));
}

double meanAbsoluteError(std::span<const double> x, std::span<const double> y) {
    return meanOf(x, y, [](double a, double b) { return std::abs(a - b); });
}

NumberReport numberReport(std::span<const double> gold, std::span<const double> predicted) {
    return {
        .items = static_cast<std::int64_t>(gold.size()),
        .pearson = pearson(gold, predicted),
        .spearman = spearman(gold, predicted),
        .meanAbsoluteError = meanAbsoluteError(gold, predicted),
        .rootMeanSquareError = std::sqrt(meanOf(gold, predicted, [](double a, double b) { return (a - b) * (a - b); })),
        .bias = meanOf(gold, predicted, [](double a, double b) { return b - a; })};
}

Json toJson(const NumberReport& report) {
    return {{"items", report.items},
            {"pearson", realOrNull(report.pearson)},
            {"spearman", realOrNull(report.spearman)},
            {"mae", realOrNull(report.meanAbsoluteError)},
            {"rmse", realOrNull(report.rootMeanSquareError)},
            {"bias", realOrNull(report.bias)}};
}

std::string toText(const NumberReport& report) {
    const auto number = [](double value) {
        return std::isnan(value) ? std::string("-") : fmt::format("{:.4f}", value);
    };
    return fmt::format("{} texts: Pearson {}, Spearman {}, mean error {}, root mean square error {}, bias {}\n",
                       report.items, number(report.pearson), number(report.spearman), number(report.meanAbsoluteError),
                       number(report.rootMeanSquareError), number(report.bias));
}

}  // namespace lathe::eval
