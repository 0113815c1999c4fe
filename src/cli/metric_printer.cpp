// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/metric_printer.h"

#include <cmath>
#include <utility>

#include "cli/progress_line.h"

namespace lathe::cli {
namespace {

constexpr auto kLogPeriod = std::chrono::seconds(5);

bool isEvaluation(const train::StepReport& report) {
    return !std::isnan(report.devLoss) || !std::isnan(report.devAccuracy);
}

}  // namespace

Json toJson(const train::StepReport& report) {
    Json json = {{"event", !report.event.empty()  ? report.event
                           : isEvaluation(report) ? "evaluation"
                                                  : "step"},
                 {"phase", report.phase},
                 {"step", report.step},
                 {"total_steps", report.totalSteps},
                 {"epoch", report.epoch}};
    const std::pair<const char*, double> values[] = {
        {"train_loss", report.trainLoss},    {"train_accuracy", report.trainAccuracy},
        {"dev_loss", report.devLoss},        {"dev_accuracy", report.devAccuracy},
        {"dev_macro_f1", report.devMacroF1}, {"learning_rate", report.learningRate},
        {"grad_norm", report.gradNorm},      {"tokens_per_second", report.tokensPerSecond}};
    for (const auto& [name, value] : values) {
        if (!std::isnan(value))
            json[name] = value;
    }
    for (const auto& [id, value] : report.devScores)
        if (!std::isnan(value))
            json["dev"][id] = value;
    json["elapsed_seconds"] = report.elapsedSeconds;
    if (!report.note.empty())
        json["note"] = report.note;
    return json;
}

std::string describe(const train::StepReport& report) {
    std::string line = fmt::format("{} {}/{}", report.phase, report.step, report.totalSteps);
    const auto add = [&](const char* name, double value, int digits) {
        if (!std::isnan(value))
            line += fmt::format("  {} {:.{}f}", name, value, digits);
    };
    add("loss", report.trainLoss, 4);
    add("train acc", report.trainAccuracy, 4);
    add("dev loss", report.devLoss, 4);
    add("dev acc", report.devAccuracy, 4);
    add("dev F1", report.devMacroF1, 4);
    for (const auto& [id, value] : report.devScores)
        if (id != "loss" && id != "accuracy" && id != "token_accuracy" && id != "macro_f1")
            add(id.c_str(), value, 4);
    if (!std::isnan(report.tokensPerSecond))
        line += fmt::format("  {:.0f} tok/s", report.tokensPerSecond);
    return line;
}

void MetricPrinter::print(const std::vector<train::StepReport>& reports) {
    for (const auto& report : reports) {
        if (m_console.json())
            m_console.printJson(toJson(report));
        else
            show(report);
    }
}

void MetricPrinter::show(const train::StepReport& report) {
    if (!report.event.empty())
        return m_console.line("{} {}/{}  {}", report.phase, report.step, report.totalSteps, report.note);
    if (report.phase != m_phase) {
        m_phase = report.phase;
        m_phaseStep = report.step - 1;
        m_phaseSeconds = report.elapsedSeconds;
        m_devLoss = m_devAccuracy = train::kNoValue;
    }
    const bool evaluation = isEvaluation(report);
    if (evaluation) {
        m_devLoss = report.devLoss;
        m_devAccuracy = report.devAccuracy;
    }
    const auto now = std::chrono::steady_clock::now();
    if (m_console.showsProgress() && !evaluation) {
        train::StepReport line = report;
        line.devLoss = m_devLoss;
        line.devAccuracy = m_devAccuracy;
        m_console.live(describe(line) + "  " + timeLeft(report) + " left");
    } else if (evaluation || now - m_lastLine >= kLogPeriod) {
        m_console.line("{}", describe(report));
        m_lastLine = now;
    }
}

std::string MetricPrinter::timeLeft(const train::StepReport& report) const {
    const auto done = static_cast<double>(report.step - m_phaseStep);
    const double perStep = done > 1 ? (report.elapsedSeconds - m_phaseSeconds) / (done - 1) : train::kNoValue;
    return formatDuration(perStep * static_cast<double>(report.totalSteps - report.step));
}

}  // namespace lathe::cli
