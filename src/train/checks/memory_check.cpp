// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Does the run fit into the memory that is free?
#include <fmt/format.h>

#include <cmath>

#include "core/files.h"
#include "train/detail/preflight_check.h"

namespace lathe::train {
namespace {

/// The system and other programs want some, too.
constexpr double kComfortable = 0.85;

std::string smaller(const CheckInput& input) {
    std::string advice = "set batch_size to ";
    advice += std::to_string(std::max<std::int64_t>(1, input.settings.batchSize / 2));
    advice += " and accumulation to " + std::to_string(2 * input.settings.recipe.accumulation);
    advice += ", which learns the same";
    if (!input.settings.gradientCheckpointing)
        advice += "; gradient_checkpointing=true keeps less";
    if (input.request.method == "full")
        advice += "; or train with the method lora, which needs no moments for the model's own weights";
    return advice;
}

void check(const CheckInput& input, Findings& findings) {
    const auto& report = input.report;
    if (!report.estimate)
        return;
    if (input.rehearsal && !input.rehearsal->notMeasured.empty()) {
        findings.push_back({.severity = Severity::Problem,
                            .code = "memory",
                            .what = "the run does not fit into memory: " + input.rehearsal->notMeasured,
                            .advice = smaller(input),
                            .count = 1});
        return;
    }
    if (input.rehearsal)
        for (const PhaseRehearsal& phase : input.rehearsal->phases)
            if (!phase.smallerParts.empty())
                findings.push_back({.severity = Severity::Warning,
                                    .code = "smaller_parts",
                                    .what = "the longest batch does not fit: " + phase.smallerParts,
                                    .advice = smaller(input),
                                    .count = 1});
    // A measured peak counts more than what was expected.
    const bool measured = std::isfinite(report.peakBytes);
    if (measured && report.onDevice)
        return;  // it went well, and main memory is not what it took
    const double needed = measured ? report.peakBytes : report.estimate->totalBytes();
    if (!(report.availableBytes > 0) || needed <= kComfortable * report.availableBytes)
        return;
    findings.push_back({.severity = needed > report.availableBytes && !measured ? Severity::Problem : Severity::Warning,
                        .code = "memory",
                        .what = fmt::format("a step takes {}{} of memory, and {} are free", measured ? "" : "about ",
                                            humanBytes(static_cast<std::uint64_t>(needed)),
                                            humanBytes(static_cast<std::uint64_t>(report.availableBytes))),
                        .advice = smaller(input),
                        .count = 1});
}

}  // namespace

CheckEntry memoryCheck() {
    return {.id = "memory", .run = check};
}

}  // namespace lathe::train
