// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "eval/calibration.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace lathe::eval {
namespace {

/// The smallest probability that is told from 0: a model that rules an answer out must not cost an infinite loss.
constexpr double kTiny = 1e-12;
/// Temperatures beyond these leave nothing but the largest probability, or none.
constexpr double kLogLow = -4.6, kLogHigh = 4.6;  // 0.01 to 100

void check(std::size_t probabilities, std::size_t gold, std::size_t labels) {
    if (labels == 0 || probabilities != gold * labels)
        throw std::logic_error("calibration: probabilities must be [items, labels]");
}

double logOf(float probability) {
    return std::log(std::max(static_cast<double>(probability), kTiny));
}

double lossAt(std::span<const float> probabilities, std::span<const int> gold, std::size_t labels, double temperature) {
    double sum = 0;
    for (std::size_t i = 0; i < gold.size(); ++i) {
        if (gold[i] < 0)
            continue;
        const auto row = probabilities.subspan(i * labels, labels);
        const double top = logOf(*std::ranges::max_element(row)) / temperature;
        double whole = 0;
        for (const float p : row)
            whole += std::exp(logOf(p) / temperature - top);
        sum += top + std::log(whole) - logOf(row[static_cast<std::size_t>(gold[i])]) / temperature;
    }
    return sum;
}

}  // namespace

CalibrationReport calibration(std::span<const float> probabilities, std::span<const int> gold, std::size_t labels,
                              int bins) {
    check(probabilities.size(), gold.size(), labels);
    CalibrationReport report;
    report.items = static_cast<std::int64_t>(gold.size());
    for (int b = 0; b < bins; ++b)
        report.bins.push_back({.low = static_cast<double>(b) / bins, .high = static_cast<double>(b + 1) / bins});
    for (std::size_t i = 0; i < gold.size(); ++i) {
        const auto row = probabilities.subspan(i * labels, labels);
        const auto best = std::ranges::max_element(row);
        const auto confidence = static_cast<double>(*best);
        const int number = std::clamp(static_cast<int>(std::ceil(confidence * bins)) - 1, 0, bins - 1);
        ReliabilityBin& bin = report.bins[static_cast<std::size_t>(number)];
        ++bin.items;
        bin.confidence += confidence;
        bin.accuracy += best - row.begin() == gold[i] ? 1 : 0;
        double distance = 0;
        for (std::size_t label = 0; label < labels; ++label) {
            const double wanted = static_cast<int>(label) == gold[i] ? 1 : 0;
            distance += (static_cast<double>(row[label]) - wanted) * (static_cast<double>(row[label]) - wanted);
        }
        report.brier += gold[i] < 0 ? distance + 1 : distance;  // the answer that is no label had probability 0
        report.loss -= gold[i] < 0 ? std::log(kTiny) : logOf(row[static_cast<std::size_t>(gold[i])]);
    }
    const auto items = std::max(1.0, static_cast<double>(gold.size()));
    report.brier /= items;
    report.loss /= items;
    for (ReliabilityBin& bin : report.bins) {
        if (bin.items == 0)
            continue;
        const auto count = static_cast<double>(bin.items);
        bin.confidence /= count;
        bin.accuracy /= count;
        const double error = std::abs(bin.confidence - bin.accuracy);
        report.expectedError += error * count / items;
        report.maximumError = std::max(report.maximumError, error);
    }
    return report;
}

double fitTemperature(std::span<const float> probabilities, std::span<const int> gold, std::size_t labels) {
    check(probabilities.size(), gold.size(), labels);
    if (std::ranges::none_of(gold, [](int label) { return label >= 0; }))
        return 1;
    // The loss is convex in 1/T, so it has one lowest point in log T as well: golden section.
    const double ratio = (std::sqrt(5.0) - 1) / 2;
    double low = kLogLow;
    double high = kLogHigh;
    const auto loss = [&](double logT) { return lossAt(probabilities, gold, labels, std::exp(logT)); };
    double a = high - ratio * (high - low);
    double b = low + ratio * (high - low);
    double lossA = loss(a);
    double lossB = loss(b);
    while (high - low > 1e-4) {
        if (lossA <= lossB) {
            high = b;
            b = a;
            lossB = lossA;
            a = high - ratio * (high - low);
            lossA = loss(a);
        } else {
            low = a;
            a = b;
            lossA = lossB;
            b = low + ratio * (high - low);
            lossB = loss(b);
        }
    }
    return std::exp((low + high) / 2);
}

void applyTemperature(std::span<float> probabilities, std::size_t labels, double temperature) {
    if (labels == 0 || probabilities.size() % labels != 0 || !(temperature > 0))
        throw std::logic_error("applyTemperature: probabilities must be [items, labels], the temperature above 0");
    for (std::size_t at = 0; at < probabilities.size(); at += labels) {
        const auto row = probabilities.subspan(at, labels);
        const double top = logOf(*std::ranges::max_element(row)) / temperature;
        double whole = 0;
        for (const float p : row)
            whole += std::exp(logOf(p) / temperature - top);
        for (float& p : row)
            p = static_cast<float>(std::exp(logOf(p) / temperature - top) / whole);
    }
}

Json toJson(const CalibrationReport& report) {
    Json bins = Json::array();
    for (const ReliabilityBin& bin : report.bins)
        bins.push_back({{"low", bin.low},
                        {"high", bin.high},
                        {"items", bin.items},
                        {"confidence", bin.confidence},
                        {"accuracy", bin.accuracy}});
    return {{"items", report.items},
            {"expected_error", report.expectedError},
            {"maximum_error", report.maximumError},
            {"brier", report.brier},
            {"loss", report.loss},
            {"bins", std::move(bins)}};
}

}  // namespace lathe::eval
