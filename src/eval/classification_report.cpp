// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of a single-label classifier, by scikit-learn's definitions (zero_division=0).
#include "eval/classification_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/utf8.h"

namespace lathe::eval {
namespace {

double ratio(double part, double whole) {
    return whole == 0 ? 0.0 : part / whole;
}

// Two-sided 95 % quantile of the standard normal distribution.
constexpr double kZ95 = 1.959963984540054;

void wilsonInterval(std::int64_t correct, std::int64_t items, double& low, double& high) {
    if (items == 0) {
        low = 0;
        high = 1;
        return;
    }
    const auto n = static_cast<double>(items);
    const double p = static_cast<double>(correct) / n;
    const double z2 = kZ95 * kZ95;
    const double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
    const double half = kZ95 / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    // At p = 0 and p = 1 one end is exact; rounding must not leave it a hair outside.
    low = correct == 0 ? 0.0 : std::max(0.0, centre - half);
    high = correct == items ? 1.0 : std::min(1.0, centre + half);
}

ClassScores scoresOf(const ClassificationReport& report, std::size_t label) {
    ClassScores scores;
    for (std::size_t other = 0; other < report.labels.size(); ++other) {
        scores.support += report.at(label, other);
        scores.predicted += report.at(other, label);
    }
    const auto hits = static_cast<double>(report.at(label, label));
    scores.precision = ratio(hits, static_cast<double>(scores.predicted));
    scores.recall = ratio(hits, static_cast<double>(scores.support));
    scores.f1 = ratio(2 * hits, static_cast<double>(scores.support + scores.predicted));
    return scores;
}

// Columns in a terminal: East Asian wide and full-width characters take two.
std::size_t displayWidth(std::string_view text) {
    std::size_t width = 0;
    for (const char32_t c : toCodePoints(text)) {
        const bool wide =
            (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
            (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
            (c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
        width += wide ? 2 : 1;
    }
    return width;
}

std::string padded(std::string_view text, std::size_t width) {
    const std::size_t used = displayWidth(text);
    return std::string(text) + std::string(width > used ? width - used : 0, ' ');
}

}  // namespace

ClassificationReport classificationReport(std::vector<std::string> labels, std::span<const int> gold,
                                          std::span<const int> predicted) {
    const std::size_t count = labels.size();
    if (gold.size() != predicted.size())
        throw std::logic_error("classificationReport: gold and predicted differ in length");
    ClassificationReport report;
    report.labels = std::move(labels);
    report.items = static_cast<std::int64_t>(gold.size());
    report.confusion.assign(count * count, 0);
    const auto index = [count](int label) {
        if (label < 0 || static_cast<std::size_t>(label) >= count)
            throw std::logic_error("classificationReport: an index is outside the list of labels");
        return static_cast<std::size_t>(label);
    };
    for (std::size_t i = 0; i < gold.size(); ++i) {
        ++report.confusion[index(gold[i]) * count + index(predicted[i])];
        report.correct += gold[i] == predicted[i] ? 1 : 0;
    }
    const auto items = static_cast<double>(report.items);
    report.accuracy = ratio(static_cast<double>(report.correct), items);
    wilsonInterval(report.correct, report.items, report.accuracyLow, report.accuracyHigh);

    double sumF1 = 0;
    double sumWeighted = 0;
    int seen = 0;
    report.perClass.reserve(count);
    for (std::size_t label = 0; label < count; ++label) {
        const ClassScores scores = scoresOf(report, label);
        // A label of the set that nobody used says nothing about the model: scikit-learn leaves it out too.
        if (scores.support + scores.predicted > 0) {
            sumF1 += scores.f1;
            ++seen;
        }
        sumWeighted += scores.f1 * static_cast<double>(scores.support);
        report.perClass.push_back(scores);
    }
    report.macroF1 = ratio(sumF1, seen);
    report.weightedF1 = ratio(sumWeighted, items);
    return report;
}

Json toJson(const ClassificationReport& report) {
    Json json;
    json["items"] = report.items;
    json["correct"] = report.correct;
    json["accuracy"] = report.accuracy;
    json["accuracy_95"] = {report.accuracyLow, report.accuracyHigh};
    json["macro_f1"] = report.macroF1;
    json["weighted_f1"] = report.weightedF1;
    if (report.meanLoss > 0)
        json["mean_loss"] = report.meanLoss;
    json["labels"] = report.labels;
    Json classes = Json::array();
    for (std::size_t label = 0; label < report.labels.size(); ++label) {
        const ClassScores& scores = report.perClass[label];
        classes.push_back({{"label", report.labels[label]},
                           {"precision", scores.precision},
                           {"recall", scores.recall},
                           {"f1", scores.f1},
                           {"support", scores.support},
                           {"predicted", scores.predicted}});
    }
    json["per_class"] = std::move(classes);
    Json rows = Json::array();
    for (std::size_t gold = 0; gold < report.labels.size(); ++gold) {
        Json row = Json::array();
        for (std::size_t predicted = 0; predicted < report.labels.size(); ++predicted)
            row.push_back(report.at(gold, predicted));
        rows.push_back(std::move(row));
    }
    json["confusion"] = std::move(rows);
    return json;
}

std::string toText(const ClassificationReport& report) {
    std::size_t width = displayWidth("weighted F1");
    for (const std::string& label : report.labels)
        width = std::max(width, displayWidth(label));
    std::string text = fmt::format("{}  precision  recall      F1  support\n", padded("label", width));
    for (std::size_t label = 0; label < report.labels.size(); ++label) {
        const ClassScores& scores = report.perClass[label];
        text += fmt::format("{}  {:9.4f}  {:6.4f}  {:6.4f}  {:7}\n", padded(report.labels[label], width),
                            scores.precision, scores.recall, scores.f1, scores.support);
    }
    text += fmt::format("\n{}  {:.4f}  ({} of {}; 95 % {:.4f} to {:.4f})\n", padded("accuracy", width), report.accuracy,
                        report.correct, report.items, report.accuracyLow, report.accuracyHigh);
    text += fmt::format("{}  {:.4f}\n", padded("macro F1", width), report.macroF1);
    text += fmt::format("{}  {:.4f}\n", padded("weighted F1", width), report.weightedF1);
    if (report.meanLoss > 0)
        text += fmt::format("{}  {:.4f} nats\n", padded("loss", width), report.meanLoss);
    return text;
}

}  // namespace lathe::eval
