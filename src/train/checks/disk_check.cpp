// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Is there room for checkpoints and model?
#include <fmt/format.h>

#include <cmath>

#include "core/files.h"
#include "train/detail/preflight_check.h"

namespace lathe::train {
namespace {

/// A disk that is nearly full when the run is through.
constexpr double kComfortable = 0.9;

void judge(double needed, double free, const char* what, const std::string& folder, Findings& findings) {
    if (!std::isfinite(free) || needed <= kComfortable * free)
        return;
    findings.push_back({.severity = needed > free ? Severity::Problem : Severity::Warning,
                        .code = "disk_space",
                        .what = fmt::format("{} take up to {}, and {} are free where {} will be", what,
                                            humanBytes(static_cast<std::uint64_t>(needed)),
                                            humanBytes(static_cast<std::uint64_t>(free)), folder),
                        .advice = "free some space, remove models and runs that are not needed, or choose a folder on "
                                  "another disk; adapters (method lora) take a hundredth",
                        .count = 1});
}

void check(const CheckInput& input, Findings& findings) {
    const DiskNeed& disk = input.report.disk;
    const std::string run = input.request.runFolder.string(), model = input.request.modelFolder.string();
    if (disk.sameDisk) {
        judge(disk.runBytes + disk.modelBytes, disk.runFree, "checkpoints and the model", run, findings);
        return;
    }
    judge(disk.runBytes, disk.runFree, "checkpoints", run, findings);
    judge(disk.modelBytes, disk.modelFree, "the model's files", model, findings);
}

}  // namespace

CheckEntry diskCheck() {
    return {.id = "disk", .run = check};
}

}  // namespace lathe::train
