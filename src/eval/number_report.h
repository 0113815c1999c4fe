// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How well predicted numbers match the right ones.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/json.h"

namespace lathe::eval {

/// Correlation on a line; NaN where one side never changes, or nothing was given. Spans of equal length.
double pearson(std::span<const double> x, std::span<const double> y);
/// The same of ranks; equal numbers share the mean of their ranks. \source Spearman 1904
double spearman(std::span<const double> x, std::span<const double> y);
/// Mean of |x - y|; NaN for nothing.
double meanAbsoluteError(std::span<const double> x, std::span<const double> y);

struct NumberReport {
    std::int64_t items = 0;
    double pearson = 0, spearman = 0;  ///< NaN where undefined
    double meanAbsoluteError = 0, rootMeanSquareError = 0;
    double bias = 0;  ///< mean of predicted - gold
};
NumberReport numberReport(std::span<const double> gold, std::span<const double> predicted);
Json toJson(const NumberReport& report);
std::string toText(const NumberReport& report);

}  // namespace lathe::eval
