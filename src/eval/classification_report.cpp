// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of a single-label classifier, by scikit-learn's definitions (zero_division=0).
#include "eval/classification_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "core/intervals.h"
#include "eval/detail/scores_table.h"

namespace lathe::eval {
namespace {

double ratio(double part, double whole) {
    return whole == 0 ? 0.0 : part / whole;
}

ClassScores scoresOf(const ClassificationReport& report, std::size_t label) {
    ClassScores scores;
    for (std::size_t other = 0; other < report.labels.size(); ++other) {
        scores.support += report.at(label, other);
        scores.predicted += report.at(other, label);
    }
    return scoresFrom(report.at(label, label), scores.support, scores.predicted);
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
    const Interval interval = wilsonInterval(report.correct, report.items);
    report.accuracyLow = interval.low;
    report.accuracyHigh = interval.high;

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
        Json scores = toJson(report.perClass[label]);
        scores["label"] = report.labels[label];
        classes.push_back(std::move(scores));
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
    std::string text = scoresTable("label", "support", report.labels, report.perClass).toString();
    text += fmt::format("\n{}  {:.4f}  ({} of {}; 95 % {:.4f} to {:.4f})\n", "accuracy   ", report.accuracy,
                        report.correct, report.items, report.accuracyLow, report.accuracyHigh);
    text += fmt::format("{}  {:.4f}\n", "macro F1   ", report.macroF1);
    text += fmt::format("{}  {:.4f}\n", "weighted F1", report.weightedF1);
    if (report.meanLoss > 0)
        text += fmt::format("{}  {:.4f} nats\n", "loss       ", report.meanLoss);
    return text;
}

}  // namespace lathe::eval
