// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The registry of exports.def, and what the formats share.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

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

Result<ExportedRun> exportedRun(const corpus::Project& project, const corpus::Run& run) {
    // A broken row shows as nothing rather than hiding the run.
    const auto parsed = [](const std::string& text) {
        return text.empty() ? Json() : parseJson(text, "run").value_or(Json());
    };
    ExportedRun exported{.id = run.id,
                         .project = project.name(),
                         .status = run.status,
                         .createdMs = run.createdMs,
                         .snapshot = run.snapshot > 0 ? fmt::format("snapshot {}", run.snapshot) : std::string(),
                         .config = parsed(run.config),
                         .summary = parsed(run.summary),
                         .reports = {}};
    auto reports = readMetrics(project.runsFolder() / run.id);
    if (reports)
        exported.reports = std::move(*reports);
    else if (reports.error().code != ErrorCode::NotFound)
        return fail(std::move(reports.error()));
    return exported;
}

Result<std::string> exportRun(const ExportedRun& run, const std::filesystem::path& target, const ReportWords& words) {
    const auto registry = makeRunExportRegistry();
    std::error_code code;
    const bool folder = std::filesystem::is_directory(target, code);
    std::string extension = target.extension().string();
    extension = folder || extension.empty() ? "" : extension.substr(1);
    const auto format = std::ranges::find(registry.entries(), extension, &RunExportEntry::extension);
    if (format == registry.entries().end() || (extension.empty() && !folder))
        return fail(ErrorCode::InvalidInput,
                    fmt::format("{}: runs are written as .html, .csv, or into a folder that exists (TensorBoard)",
                                target.string()));
    LATHE_CHECK(format->write(run, target, words));
    return format->title;
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
