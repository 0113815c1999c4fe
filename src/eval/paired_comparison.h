// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Is B better than A? Two models' answers on the same items: what changed, and how likely chance alone would do it.
// Thread: any.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/intervals.h"
#include "core/json.h"

namespace lathe::eval {

struct McNemarTest {
    std::int64_t bothRight = 0, fixed = 0, broken = 0, bothWrong = 0;  ///< fixed: only B right; broken: only A right
    double p = 1;  ///< exact, two-sided: that right and wrong change places so unevenly by chance
};
/// \p a, \p b: was the answer right; of equal length. \source McNemar 1947; exact by the binomial distribution.
McNemarTest mcNemar(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b);

struct BootstrapComparison {
    double difference = 0;  ///< of the metric, B - A, on all items
    Interval interval;      ///< 95 %, percentiles of the resampled differences
    double p = 1;           ///< two-sided: twice the share of resamples in which the sign is the other one or 0
    int resamples = 0;
};
/// A metric of the items at \p indices (with repeats) for both models: {of A, of B}.
struct MetricPair {
    double a = 0, b = 0;
};
using PairedMetric = std::function<MetricPair(std::span<const std::uint32_t> indices)>;
/// Draws the items with replacement, the same for both models. No items: no difference, p 1. \source Efron 1979; Koehn
/// 2004.
BootstrapComparison pairedBootstrap(std::size_t items, const PairedMetric& metric, int resamples = 2000,
                                    std::uint64_t seed = 42);

/// Accuracy and macro-F1 of two single-label classifiers on the same texts.
struct ClassifierComparison {
    std::int64_t items = 0;
    double accuracyA = 0, accuracyB = 0, macroF1A = 0, macroF1B = 0;
    McNemarTest mcNemar;
    BootstrapComparison accuracy, macroF1;
    std::vector<std::uint32_t> fixed, broken;  ///< items that only B, only A has right
};
/// Indices of labels, below \p labels; of equal length.
ClassifierComparison compareClassifiers(std::size_t labels, std::span<const int> gold, std::span<const int> a,
                                        std::span<const int> b, int resamples = 2000, std::uint64_t seed = 42);

Json toJson(const McNemarTest& test);
Json toJson(const BootstrapComparison& comparison);
Json toJson(const ClassifierComparison& comparison);
std::string toText(const ClassifierComparison& comparison);  ///< in sentences, for the command line

}  // namespace lathe::eval
