// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The registry of exports.def, and what the formats share.
#include <algorithm>
#include <array>
#include <cmath>

#include "train/run_export.h"

namespace lathe::train {
namespace {

struct Member {
    const char* name;
    double StepReport::*value;
};
constexpr std::array kMembers{
    Member{"train_loss", &StepReport::trainLoss},    Member{"train_accuracy", &StepReport::trainAccuracy},
    Member{"dev_loss", &StepReport::devLoss},        Member{"dev_accuracy", &StepReport::devAccuracy},
    Member{"dev_macro_f1", &StepReport::devMacroF1}, Member{"learning_rate", &StepReport::learningRate},
    Member{"grad_norm", &StepReport::gradNorm},      Member{"tokens_per_second", &StepReport::tokensPerSecond},
};

}  // namespace

#define RUN_EXPORT(function) RunExportEntry function();
#include "train/exports/exports.def"
#undef RUN_EXPORT

RunExportRegistry makeRunExportRegistry() {
    RunExportRegistry registry;
#define RUN_EXPORT(function) registry.add(function());
#include "train/exports/exports.def"
#undef RUN_EXPORT
    return registry;
}

std::vector<RunCurve> curvesOf(const std::vector<StepReport>& reports) {
    std::vector<RunCurve> curves;
    const auto add = [&](const StepReport& report, const std::string& name, double value) {
        if (!std::isfinite(value))
            return;
        auto curve = std::ranges::find_if(
            curves, [&](const RunCurve& each) { return each.phase == report.phase && each.name == name; });
        if (curve == curves.end())
            curve = curves.insert(curves.end(), RunCurve{report.phase, name, {}});
        curve->points.push_back({report.step, report.epoch, report.elapsedSeconds, value});
    };
    for (const StepReport& report : reports) {
        if (!report.event.empty())
            continue;
        for (const Member& member : kMembers)
            add(report, member.name, report.*member.value);
        for (const auto& [metric, value] : report.devScores)
            if (std::ranges::find(kMembers, "dev_" + metric, &Member::name) == kMembers.end())
                add(report, "dev/" + metric, value);
    }
    return curves;
}

}  // namespace lathe::train
