// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/worker_flags.h"

#include <CLI/CLI.hpp>

namespace lathe::cli {

void WorkerFlags::define(CLI::App& app) {
    app.add_option("--worker-timeout", m_patience,
                   "on several processes (RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT): seconds that one may be missing "
                   "or silent before all stop (default: 300)")
        ->check(CLI::Range(1.0, 1e6));
}

Result<> WorkerFlags::meet() {
    LATHE_TRY(const auto launch, train::launchFromEnvironment());
    if (launch) {
        LATHE_TRY(m_group, train::meetWorkers(*launch, m_patience));
    }
    return {};
}

Result<int> WorkerFlags::follow(Console& console, const ComputeFlags& compute) const {
    share(compute).apply();
    LATHE_TRY(const auto outcome, train::followTraining(m_group, console.context()));
    return outcome.stopped ? kStopped : kDone;
}

ComputeFlags WorkerFlags::share(ComputeFlags compute) const {
    if (m_group && compute.threads == 0)
        compute.threads = train::threadsFor(*m_group);
    return compute;
}

std::shared_ptr<train::WorkerGroup> WorkerFlags::group(const std::string& again) const {
    if (m_group)
        train::sayHowToResume(*m_group, again);
    return m_group;
}

}  // namespace lathe::cli
