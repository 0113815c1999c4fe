// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// SIGINT and SIGTERM become requestStop() of the job in hand; a second one ends the process at once with 130.
#pragma once

#include <memory>

#include "core/job_context.h"

namespace lathe::cli {

/// Signals belong to the process, so this is a namespace of functions rather than an object. Call from main() once.
/// SIGPIPE is ignored: a reader that goes away is seen as a failed write, and a training run is then stopped in order.
void installInterrupt(std::shared_ptr<JobControl> control);
/// From now on a signal stops \p control, and counts as the first one again (each turn of a chat). Does nothing before
/// installInterrupt.
void rearmInterrupt(std::shared_ptr<JobControl> control);

}  // namespace lathe::cli
