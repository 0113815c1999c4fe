// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A command that several processes run together, as a launcher (torchrun, srun, Kubernetes) starts them: the first one
// speaks and writes, the others follow it.
#pragma once

#include "cli/console.h"
#include "cli/flags.h"
#include "train/distributed.h"

namespace lathe::cli {

class WorkerFlags {
public:
    void define(CLI::App& app);
    /// Waits for the other processes, where the environment names any. \returns what launchFromEnvironment and
    /// meetWorkers do.
    Result<> meet();
    /// Whether another process leads this one.
    bool follows() const { return m_group && !train::isFirst(*m_group); }
    Result<int> follow(Console& console, const ComputeFlags& compute) const;
    /// The cores of a machine go to all of its processes, unless --threads says how many.
    ComputeFlags share(ComputeFlags compute) const;
    /// For the request of the first process; nullptr when it is alone. \param again the command that goes on.
    std::shared_ptr<train::WorkerGroup> group(const std::string& again) const;

private:
    double m_patience = 300;
    std::shared_ptr<train::WorkerGroup> m_group;
};

}  // namespace lathe::cli
