// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// metrics.jsonl: one StepReport a line, the members that were measured only.
#pragma once

#include "train/trainer.h"

namespace lathe::train {

Json toJson(const StepReport& report);
StepReport stepReportFrom(const Json& line);
/// Cuts metrics.jsonl behind the last line for which \p keep holds, before a run goes on from an earlier step.
Result<> rewindMetrics(const std::filesystem::path& runFolder, const std::function<bool(const StepReport&)>& keep);

}  // namespace lathe::train
