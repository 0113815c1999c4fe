// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the measured step said, beside its time.
#include "train/detail/preflight_check.h"

namespace lathe::train {
namespace {

void check(const CheckInput& input, Findings& findings) {
    if (!input.rehearsal)
        return;
    for (const PhaseRehearsal& phase : input.rehearsal->phases)
        if (!phase.trouble.empty())
            findings.push_back({.severity = Severity::Problem,
                                .code = "step_not_finite",
                                .what = "at the longest batch " + phase.trouble,
                                .advice = "try precision=float32; if that is the same, the model's weights or the "
                                          "scores hold numbers that are none",
                                .count = 1});
    for (const auto& note : input.rehearsal->notes)
        findings.push_back({.severity = Severity::Note,
                            .code = "not_counted",
                            .what = note,
                            .advice = "expect the run to begin later than said here",
                            .count = 1});
}

}  // namespace

CheckEntry stepCheck() {
    return {.id = "step", .run = check};
}

}  // namespace lathe::train
