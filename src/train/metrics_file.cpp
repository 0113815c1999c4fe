// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/metrics_file.h"

#include <array>
#include <cmath>

#include "core/files.h"

namespace lathe::train {
namespace {

struct Field {
    const char* key;
    double StepReport::*member;
};
constexpr std::array kFields{
    Field{"epoch", &StepReport::epoch},
    Field{"train_loss", &StepReport::trainLoss},
    Field{"train_accuracy", &StepReport::trainAccuracy},
    Field{"dev_loss", &StepReport::devLoss},
    Field{"dev_accuracy", &StepReport::devAccuracy},
    Field{"dev_macro_f1", &StepReport::devMacroF1},
    Field{"learning_rate", &StepReport::learningRate},
    Field{"grad_norm", &StepReport::gradNorm},
    Field{"tokens_per_second", &StepReport::tokensPerSecond},
    Field{"seconds", &StepReport::elapsedSeconds},
};
constexpr std::uintmax_t kMaxMetricsBytes = 4ull << 30;

/// Calls \p take with each line and its report; lines that are not one (the last, if cut) are left out.
void forEachLine(std::string_view text, const std::function<void(std::string_view, StepReport)>& take) {
    while (!text.empty()) {
        const auto end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        const auto json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
        if (json.is_object())
            take(line, stepReportFrom(json));
    }
}

}  // namespace

Json toJson(const StepReport& report) {
    Json json{{"phase", report.phase}, {"step", report.step}, {"total_steps", report.totalSteps}};
    for (const auto& field : kFields)
        if (std::isfinite(report.*field.member))
            json[field.key] = report.*field.member;
    if (!report.event.empty()) {
        json["event"] = report.event;
        json["note"] = report.note;
    }
    for (const auto& [id, value] : report.devScores)
        if (std::isfinite(value))
            json["dev"][id] = value;
    return json;
}

StepReport stepReportFrom(const Json& line) {
    StepReport report;
    const auto number = [&](const char* key) -> const Json* {
        const auto found = line.find(key);
        return found != line.end() && found->is_number() ? &*found : nullptr;
    };
    if (const Json* value = number("step"))
        report.step = value->get<std::int64_t>();
    if (const Json* value = number("total_steps"))
        report.totalSteps = value->get<std::int64_t>();
    for (const auto& field : kFields)
        if (const Json* value = number(field.key))
            report.*field.member = value->get<double>();
    const auto text = [&](const char* key, std::string& value) {
        if (const auto found = line.find(key); found != line.end() && found->is_string())
            value = found->get<std::string>();
    };
    text("phase", report.phase);
    text("event", report.event);
    text("note", report.note);
    if (const auto scores = line.find("dev"); scores != line.end() && scores->is_object())
        for (const auto& [id, value] : scores->items())
            if (value.is_number())
                report.devScores[id] = value.get<double>();
    return report;
}

Result<> rewindMetrics(const std::filesystem::path& runFolder, const std::function<bool(const StepReport&)>& keep) {
    const auto path = runFolder / "metrics.jsonl";
    std::error_code code;
    if (!std::filesystem::exists(path, code))
        return {};
    LATHE_TRY(const std::string text, readFile(path, kMaxMetricsBytes));
    std::string kept;
    forEachLine(text, [&](std::string_view line, const StepReport& report) {
        if (keep(report))
            kept.append(line).append("\n");
    });
    return writeFileAtomically(path, kept);
}

Result<std::vector<StepReport>> readMetrics(const std::filesystem::path& runFolder) {
    LATHE_TRY(const std::string text, readFile(runFolder / "metrics.jsonl", kMaxMetricsBytes));
    std::vector<StepReport> reports;
    forEachLine(text, [&](std::string_view, StepReport report) { reports.push_back(std::move(report)); });
    return reports;
}

}  // namespace lathe::train
