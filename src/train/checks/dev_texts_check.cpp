// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Is there enough to measure with?
#include <fmt/format.h>

#include <cmath>

#include "train/detail/preflight_check.h"

namespace lathe::train {
namespace {

constexpr std::size_t kEnough = 50;

void check(const CheckInput& input, Findings& findings) {
    const std::size_t texts = input.data.dev.size();
    if (texts == 0) {
        findings.push_back({.severity = Severity::Warning,
                            .code = "no_dev",
                            .what = "there are no texts to measure with, so that no best checkpoint is chosen",
                            .advice = "leave some texts without a split, of which a tenth is set aside, or name a file "
                                      "to measure on with --dev",
                            .count = 1});
        return;
    }
    if (texts >= kEnough)
        return;
    // Twice the standard error of a share near one half.
    const double spread = 100 / std::sqrt(static_cast<double>(texts));
    findings.push_back(
        {.severity = Severity::Note,
         .code = "small_dev",
         .what = fmt::format("{} to measure with: an accuracy is right to about {:.0f} points only",
                             counted(static_cast<std::int64_t>(texts), "text is there", "texts are there"), spread),
         .advice = "raise dev_share, or label more texts",
         .count = static_cast<std::int64_t>(texts)});
}

}  // namespace

CheckEntry devTextsCheck() {
    return {.id = "dev_texts", .run = check};
}

}  // namespace lathe::train
