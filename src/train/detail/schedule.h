// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The learning rate over a phase: linear warm-up, then one of the curves of schedules/: one file and one line in
// schedules/schedules.def each. Torch-free.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/option_spec.h"
#include "core/registry.h"

namespace lathe::train {

struct Schedule;
/// The rate in units of the peak when \p done steps are done, done >= warmupSteps.
using RateCurve = double (*)(const Schedule& schedule, std::int64_t done);

struct Schedule {
    double peak = 0;
    std::int64_t warmupSteps = 0;
    std::int64_t totalSteps = 0;
    RateCurve curve = nullptr;   ///< nullptr: the peak throughout
    double endRate = 0;          ///< polynomial: the rate at the end
    double power = 1;            ///< polynomial
    std::int64_t timescale = 0;  ///< inverse square root, in steps; 0 = the warm-up's, or 10000 without one
};

struct ScheduleEntry {
    std::string id;  ///< "linear"
    std::string title;
    std::string help;
    std::string source;
    std::vector<OptionSpec> options;
    RateCurve curve = nullptr;
    bool watchesMetric = false;  ///< the rate is cut when the dev metric gains no more (Plateau)
};
using ScheduleRegistry = Registry<ScheduleEntry>;
ScheduleRegistry makeScheduleRegistry();

/// The curve of the registry's entry \p id; nullptr when there is none.
RateCurve rateCurve(const std::string& id);

/// The rate of optimizer step \p step (1-based). Warm-up: peak * step / warmupSteps, so that no step is wasted on a
/// rate of zero. Then the rate that Transformers' get_*_schedule_with_warmup has for that step: the curve at step - 1.
double learningRateAt(const Schedule& schedule, std::int64_t step);

}  // namespace lathe::train
