// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Steps, warm-up, evaluations and the learning rate: do they go together?
#include <fmt/format.h>

#include <algorithm>

#include "train/detail/method.h"
#include "train/detail/preflight_check.h"

namespace lathe::train {
namespace {

constexpr std::int64_t kFewSteps = 30;
/// So many times the method's own rate, or less than one such part of it.
constexpr double kFarOff = 20;

void steps(const PhaseRehearsal& phase, Findings& findings) {
    if (phase.steps < kFewSteps)
        findings.push_back({.severity = Severity::Warning,
                            .code = "few_steps",
                            .what = fmt::format("the whole training is {}", counted(phase.steps, "step", "steps")),
                            .advice = "raise epochs or lower batch_size, so that there are some hundred",
                            .count = phase.steps});
    if (phase.warmupSteps >= phase.steps && phase.warmupSteps > 0)
        findings.push_back({.severity = Severity::Problem,
                            .code = "warmup_too_long",
                            .what = fmt::format("the warm-up takes {} steps and the run has {}: the learning rate "
                                                "never reaches its height",
                                                phase.warmupSteps, phase.steps),
                            .advice = "lower warmup_steps or warmup_ratio to a tenth of the run",
                            .count = phase.warmupSteps});
    if (phase.evalEvery > phase.steps && phase.evaluations > 0)
        findings.push_back({.severity = Severity::Warning,
                            .code = "one_evaluation",
                            .what = fmt::format("evaluations are {} steps apart and the run has {}: it is measured at "
                                                "its end alone",
                                                phase.evalEvery, phase.steps),
                            .advice = "leave eval_every at 0, which measures ten times",
                            .count = phase.evalEvery});
}

void rate(const CheckInput& input, Findings& findings) {
    const auto choice = choiceOf(input.request.model);
    if (!choice)
        return;
    const auto specs = optionsFor(*choice, input.request.method, input.settings.task);
    const auto spec = std::ranges::find(specs, "learning_rate", &OptionSpec::key);
    if (spec == specs.end() || !spec->fallback.is_number())
        return;
    const double usual = spec->fallback.get<double>(), asked = input.settings.learningRate;
    const bool high = asked > kFarOff * usual, low = asked * kFarOff < usual;
    // Other optimizers have other rates.
    if ((!high && !low) || input.settings.recipe.optimizer != "adamw")
        return;
    findings.push_back({.severity = Severity::Warning,
                        .code = "learning_rate",
                        .what = fmt::format("the learning rate {:g} is far {} what {} takes otherwise, {:g}", asked,
                                            high ? "above" : "below", input.request.method, usual),
                        .advice = high ? "expect the loss to jump; begin with the usual one"
                                       : "expect the loss to hardly move; begin with the usual one",
                        .count = 1});
}

void check(const CheckInput& input, Findings& findings) {
    if (!input.rehearsal)
        return;
    for (const auto& phase : input.rehearsal->phases)
        if (phase.name == "train")
            steps(phase, findings);
    rate(input, findings);
}

}  // namespace

CheckEntry scheduleCheck() {
    return {.id = "schedule", .run = check};
}

}  // namespace lathe::train
