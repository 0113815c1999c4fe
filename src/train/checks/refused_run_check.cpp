// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What train() would refuse at once, and what stopped the rehearsal.
#include "train/detail/preflight_check.h"

namespace lathe::train {

CheckEntry refusedRunCheck() {
    return {.id = "refused", .run = [](const CheckInput& input, Findings& findings) {
                if (!input.refusal.empty())
                    findings.push_back({.severity = Severity::Problem,
                                        .code = "refused",
                                        .what = "the run would end with an error: " + input.refusal,
                                        .advice = "mend what the message says; nothing can be trained before",
                                        .count = 1});
            }};
}

}  // namespace lathe::train
