// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// MetricBuffer: bounded, so that a run which nobody watches does not grow.
#include <algorithm>
#include <cmath>

#include "train/trainer.h"

namespace lathe::train {
namespace {

constexpr std::size_t kMaxReports = 20000;

/// Evaluations and events are few, and each counts.
bool mustStay(const StepReport& report) {
    return !std::isnan(report.devLoss) || !std::isnan(report.devAccuracy) || !report.event.empty();
}

}  // namespace

void MetricBuffer::append(StepReport report) {
    const std::lock_guard lock(m_mutex);
    if (m_reports.size() >= kMaxReports) {
        std::size_t rows = 0;
        std::erase_if(m_reports, [&](const StepReport& each) { return !mustStay(each) && rows++ % 2 == 1; });
    }
    m_reports.push_back(std::move(report));
}

std::vector<StepReport> MetricBuffer::takeAll() {
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_reports, {});
}

}  // namespace lathe::train
