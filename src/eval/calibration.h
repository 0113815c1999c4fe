// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Does a probability of 0.8 come true in 8 of 10 cases? Reliability, its errors, and temperature scaling. Thread: any.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/json.h"

namespace lathe::eval {

struct ReliabilityBin {
    double low = 0, high = 0;  ///< of the probability of the predicted label: (low, high]
    std::int64_t items = 0;
    double confidence = 0;  ///< mean probability
    double accuracy = 0;    ///< share that was right
};

struct CalibrationReport {
    std::int64_t items = 0;
    std::vector<ReliabilityBin> bins;  ///< of equal width
    double expectedError = 0;          ///< ECE: mean |confidence - accuracy| over items. \source Naeini et al. 2015
    double maximumError = 0;           ///< MCE: largest of a bin
    double brier = 0;                  ///< mean squared distance to the one-hot answer, 0 to 2. \source Brier 1950
    double loss = 0;                   ///< nats per item
};

/// \p probabilities [items, labels] row-major, rows summing to 1; \p gold an index for each row, -1: an answer that is
/// none of the labels.
CalibrationReport calibration(std::span<const float> probabilities, std::span<const int> gold, std::size_t labels,
                              int bins = 15);

/// The temperature T > 0 whose softmax(log p / T) has the least loss on these items; rows with gold -1 are left out.
/// 1 when there is nothing to learn from. Fit it on dev, not on test. \source Guo et al. 2017
double fitTemperature(std::span<const float> probabilities, std::span<const int> gold, std::size_t labels);
/// In place. \p temperature > 0.
void applyTemperature(std::span<float> probabilities, std::size_t labels, double temperature);

Json toJson(const CalibrationReport& report);

}  // namespace lathe::eval
