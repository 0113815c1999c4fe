// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers of a pre-flight report: histogram and JSON.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/real_json.h"
#include "train/preflight.h"

namespace lathe::train {
namespace {

constexpr std::int64_t kBins = 12;

/// The least of 1, 2, 5, 10, 20, 50 ... that is not below \p width.
std::int64_t niceWidth(std::int64_t width) {
    for (std::int64_t scale = 1;; scale *= 10)
        for (const std::int64_t factor : {1, 2, 5})
            if (factor * scale >= width)
                return factor * scale;
}

Json toJson(const LengthHistogram& lengths) {
    Json bins = Json::array();
    for (const auto& bin : lengths.bins)
        bins.push_back({{"from", bin.from}, {"to", bin.to}, {"texts", bin.texts}});
    return {{"unit", lengths.unit},     {"texts", lengths.texts},
            {"total", lengths.total},   {"shortest", lengths.shortest},
            {"median", lengths.median}, {"p90", lengths.p90},
            {"p99", lengths.p99},       {"longest", lengths.longest},
            {"limit", lengths.limit},   {"cut_texts", lengths.cutTexts},
            {"lost", lengths.lost},     {"bins", std::move(bins)}};
}

Json toJson(const PhaseForecast& phase) {
    return {{"phase", phase.name},
            {"steps", phase.steps},
            {"evaluations", phase.evaluations},
            {"longest_batch", {{"texts", phase.longest.texts}, {"tokens", phase.longest.tokens}}},
            {"longest_step_seconds", realOrNull(phase.longestSeconds)},
            {"step_seconds", realOrNull(phase.stepSeconds)},
            {"evaluation_seconds", realOrNull(phase.evaluationSeconds)},
            {"seconds", realOrNull(phase.seconds)}};
}

Json toJson(const Finding& finding) {
    Json examples = Json::array();
    for (const auto& place : finding.examples) {
        Json example{{"split", place.isDev ? "dev" : "train"}, {"item", place.item}, {"text", place.text}};
        if (place.sample != 0)
            example["sample"] = place.sample;
        if (place.row != 0)
            example["row"] = place.row;
        examples.push_back(std::move(example));
    }
    return {{"severity", severityName(finding.severity)},
            {"code", finding.code},
            {"what", finding.what},
            {"advice", finding.advice},
            {"count", finding.count},
            {"examples", std::move(examples)}};
}

}  // namespace

LengthHistogram histogramOf(std::vector<std::int64_t> lengths) {
    LengthHistogram histogram;
    histogram.texts = static_cast<std::int64_t>(lengths.size());
    if (lengths.empty())
        return histogram;
    std::ranges::sort(lengths);
    const auto at = [&](double share) {
        const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(lengths.size())));
        return lengths[std::max<std::size_t>(rank, 1) - 1];
    };
    histogram.total = std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0});
    histogram.shortest = lengths.front();
    histogram.longest = lengths.back();
    histogram.median = at(0.5);
    histogram.p90 = at(0.9);
    histogram.p99 = at(0.99);
    // Wide enough for 99 % of the texts; the last bin takes the rest, which may be much longer.
    const std::int64_t width = niceWidth((histogram.p99 - histogram.shortest + kBins) / kBins);
    const std::int64_t begin = histogram.shortest / width * width;
    std::size_t next = 0;
    for (std::int64_t i = 0; next < lengths.size(); ++i) {
        const bool isLast = i + 1 == kBins + 1;
        const std::int64_t from = begin + i * width;
        const std::int64_t to = isLast ? histogram.longest : from + width - 1;
        const std::size_t first = next;
        while (next < lengths.size() && lengths[next] <= to)
            ++next;
        histogram.bins.push_back({from, to, static_cast<std::int64_t>(next - first)});
    }
    return histogram;
}

Json toJson(const PreflightReport& report) {
    Json labels = Json::array(), phases = Json::array(), findings = Json::array();
    for (const auto& label : report.labels)
        labels.push_back({{"label", label.label}, {"train", label.train}, {"dev", label.dev}});
    for (const auto& phase : report.phases)
        phases.push_back(toJson(phase));
    for (const auto& finding : report.findings)
        findings.push_back(toJson(finding));
    return {{"task", report.task},
            {"train", report.trainTexts},
            {"dev", report.devTexts},
            {"unlabelled", report.unlabelledTexts},
            {"lengths", toJson(report.lengths)},
            {"labels", std::move(labels)},
            {"estimate", report.estimate ? toJson(*report.estimate) : Json()},
            {"phases", std::move(phases)},
            {"peak_bytes", realOrNull(report.peakBytes)},
            {"available_bytes", realOrNull(report.availableBytes)},
            {"preparation_seconds", realOrNull(report.preparationSeconds)},
            {"seconds_to_end", realOrNull(report.secondsToEnd)},
            {"not_measured", report.notMeasured},
            {"disk",
             {{"run_bytes", report.disk.runBytes},
              {"model_bytes", report.disk.modelBytes},
              {"run_free_bytes", realOrNull(report.disk.runFree)},
              {"model_free_bytes", realOrNull(report.disk.modelFree)},
              {"same_disk", report.disk.sameDisk}}},
            {"findings", std::move(findings)},
            {"ok", !report.hasProblem()}};
}

}  // namespace lathe::train
