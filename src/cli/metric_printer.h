// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How a training run is told: JSON lines, a live terminal line, or a line now and then for a log file.
// Thread: one at a time; the train command calls it from its ticker while it trains.
#pragma once

#include <chrono>
#include <string>

#include "cli/console.h"
#include "train/trainer.h"

namespace lathe::cli {

/// NaN members are left out.
Json toJson(const train::StepReport& report);
/// "train 120/500  loss 0.412  dev acc 0.874  3412 tok/s"
std::string describe(const train::StepReport& report);

class MetricPrinter {
public:
    explicit MetricPrinter(Console& console) : m_console(console) {}
    /// Prints what came since the last call.
    void print(const std::vector<train::StepReport>& reports);

private:
    void show(const train::StepReport& report);
    std::string timeLeft(const train::StepReport& report) const;

    Console& m_console;
    std::string m_phase;
    std::int64_t m_phaseStep = 0;
    double m_phaseSeconds = 0;
    double m_devLoss = train::kNoValue;
    double m_devAccuracy = train::kNoValue;
    std::chrono::steady_clock::time_point m_lastLine;
};

}  // namespace lathe::cli
