// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/check_report.h"

#include <algorithm>
#include <cmath>

#include "cli/progress_line.h"
#include "core/files.h"
#include "core/text_table.h"

namespace lathe::cli {
namespace {

using train::PreflightReport;

constexpr int kBarCells = 40;
constexpr std::size_t kMostLabels = 20;
constexpr int kLabelCells = 40, kTextCells = 60;

/// "12,345,678"
std::string grouped(std::int64_t count) {
    const std::string digits = std::to_string(count);
    std::string result;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0)
            result += ',';
        result += digits[i];
    }
    return result;
}

std::string bytes(double count) {
    return humanBytes(static_cast<std::uint64_t>(std::max(0.0, count)));
}

/// A bar of \p part in \p most; anything at all is seen.
std::string bar(std::int64_t part, std::int64_t most) {
    if (part <= 0 || most <= 0)
        return {};
    const double share = static_cast<double>(part) / static_cast<double>(most);
    std::string cells;
    for (int i = 0; i < std::max(1, static_cast<int>(std::lround(share * kBarCells))); ++i)
        cells += "█";
    return cells;
}

/// "0.012 s", "3.4 s", "2:05".
std::string shortTime(double seconds) {
    if (seconds >= 60)
        return formatDuration(seconds);
    return seconds >= 1 ? fmt::format("{:.1f} s", seconds) : fmt::format("{:.3f} s", seconds);
}

void tellLengths(Console& console, const train::LengthHistogram& lengths) {
    if (lengths.texts == 0)
        return;
    console.line("\nLengths of the training texts in {}: half up to {}, 90 % up to {}, 99 % up to {}, the longest {}",
                 lengths.unit, lengths.median, lengths.p90, lengths.p99, lengths.longest);
    std::int64_t most = 0;
    for (const auto& bin : lengths.bins)
        most = std::max(most, bin.texts);
    TextTable table({{lengths.unit, TextTable::Align::Right}, {"texts", TextTable::Align::Right}, {""}});
    for (const auto& bin : lengths.bins)
        table.add({bin.from == bin.to ? std::to_string(bin.from) : fmt::format("{}–{}", bin.from, bin.to),
                   grouped(bin.texts), bar(bin.texts, most)});
    console.print(table.toString());
    if (lengths.limit > 0)
        console.line(
            "Up to {} are read: {} texts are cut, {:.1f} % of all tokens", lengths.limit, grouped(lengths.cutTexts),
            100 * static_cast<double>(lengths.lost) / static_cast<double>(std::max<std::int64_t>(1, lengths.total)));
}

void tellLabels(Console& console, std::vector<train::LabelCount> labels) {
    if (labels.empty())
        return;
    std::ranges::stable_sort(labels, std::greater{}, &train::LabelCount::train);
    const std::int64_t most = labels.front().train;
    TextTable table({{"label"}, {"train", TextTable::Align::Right}, {"dev", TextTable::Align::Right}, {""}});
    const auto add = [&](const train::LabelCount& label) {
        table.add(
            {clipToWidth(label.label, kLabelCells), grouped(label.train), grouped(label.dev), bar(label.train, most)});
    };
    // Of many labels the ends are what matters.
    const bool all = labels.size() <= kMostLabels;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (all || i < kMostLabels / 2 || i + kMostLabels / 2 >= labels.size())
            add(labels[i]);
        else if (i == kMostLabels / 2)
            table.add({fmt::format("… {} more", labels.size() - kMostLabels)});
    }
    console.print("\n" + table.toString());
}

void tellMemory(Console& console, const PreflightReport& report) {
    if (!report.estimate)
        return;
    const auto& estimate = *report.estimate;
    console.line("\n{}", describe(estimate));
    console.line("  weights {}, gradients {}, optimizer {}, activations {} for {} x {} tokens",
                 bytes(estimate.weightBytes), bytes(estimate.gradientBytes), bytes(estimate.optimizerBytes),
                 bytes(estimate.activationBytes), estimate.longest.texts, estimate.longest.tokens);
    if (std::isfinite(report.peakBytes))
        console.line("  measured: {}{}", bytes(report.peakBytes), report.onDevice ? " on the device" : "");
    if (report.availableBytes > 0 && !report.onDevice)
        console.line("  free: {}", bytes(report.availableBytes));
    console.line("Disk: up to {} for checkpoints and {} for the model; {} are free", bytes(report.disk.runBytes),
                 bytes(report.disk.modelBytes), bytes(report.disk.runFree));
}

void tellTime(Console& console, const PreflightReport& report) {
    for (const auto& phase : report.phases) {
        std::string line =
            fmt::format("{}: {} steps", phase.name == "pretrain" ? "Pre-training" : "Training", grouped(phase.steps));
        if (std::isfinite(phase.seconds))
            line += fmt::format(" of {} ({} at the longest batch), {} evaluations of {}: {}",
                                shortTime(phase.stepSeconds), shortTime(phase.longestSeconds), phase.evaluations,
                                shortTime(phase.evaluationSeconds), shortTime(phase.seconds));
        console.line("{}", line);
    }
    if (std::isfinite(report.secondsToEnd))
        console.line("Time to the end: about {}, {} of it before the first step", shortTime(report.secondsToEnd),
                     shortTime(report.preparationSeconds));
    else if (!report.notMeasured.empty())
        console.line("No step was measured: {}", report.notMeasured);
}

std::string describe(const train::TextPlace& place) {
    std::string where = place.isDev ? "dev" : "train";
    if (place.sample != 0)
        where += fmt::format(" sample {}", place.sample);
    else if (place.row != 0)
        where += fmt::format(" row {}", place.row);
    else
        where += fmt::format(" text {}", place.item + 1);
    return fmt::format("{}: \"{}\"", where, clipToWidth(place.text, kTextCells));
}

void tellFindings(Console& console, const PreflightReport& report) {
    if (report.findings.empty()) {
        console.line("\nNothing to complain about.");
        return;
    }
    console.line("\nFindings");
    for (const auto& finding : report.findings) {
        console.line("{}: {} [{}]", severityName(finding.severity), oneLine(finding.what), finding.code);
        console.line("  → {}", oneLine(finding.advice));
        for (const auto& place : finding.examples)
            console.line("    {}", describe(place));
    }
}

}  // namespace

std::string describe(const train::TrainEstimate& estimate) {
    const double share = 100 * static_cast<double>(estimate.trainable) /
                         static_cast<double>(std::max<std::int64_t>(1, estimate.parameters));
    return fmt::format("trains {} of {} parameters ({:.{}f} %), with about {} of memory", grouped(estimate.trainable),
                       grouped(estimate.parameters), share, share < 10 ? 2 : 0, bytes(estimate.totalBytes()));
}

int tellCheck(Console& console, const train::TrainRequest& request, const PreflightReport& report) {
    if (console.json()) {
        Json json{{"event", "check"}, {"model", request.model}, {"method", request.method}};
        json.update(train::toJson(report));
        console.printJson(json);
    } else {
        console.line("{} ({}), {}: {} texts to train on, {} to measure with, {} labels", request.model, request.method,
                     report.task, grouped(report.trainTexts), grouped(report.devTexts), report.labels.size());
        tellLengths(console, report.lengths);
        tellLabels(console, report.labels);
        tellMemory(console, report);
        tellTime(console, report);
        tellFindings(console, report);
    }
    return report.hasProblem() ? kFailed : kDone;
}

}  // namespace lathe::cli
