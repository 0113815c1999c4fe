// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How a pre-flight report is told: bars, tables, findings with what to do, or one JSON object.
#pragma once

#include <string>

#include "cli/console.h"
#include "train/preflight.h"

namespace lathe::cli {

/// \returns the exit status: 1 when there is a problem.
int tellCheck(Console& console, const train::TrainRequest& request, const train::PreflightReport& report);

/// "trains 12,345 of 4,567,890 parameters (0.3 %), with about 52 MB of memory".
std::string describe(const train::TrainEstimate& estimate);

}  // namespace lathe::cli
