// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What can be asked of a run while it goes, from the window or from another process. Orders are carried out between two
// optimizer steps, in the order in which they came, and are recorded in metrics.jsonl. Torch-free.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/job_context.h"
#include "core/json.h"
#include "core/result.h"

namespace lathe::train {

enum class RunCommand { Pause, Resume, Stop, StopAfterEpoch, SaveNow, EvaluateNow, SetLearningRate };

struct RunOrder {
    RunCommand command = RunCommand::SaveNow;
    double value = 0;  ///< SetLearningRate: the highest rate from now on; the schedule keeps its shape
};

/// "pause", "resume", "stop", "stop-after-epoch", "save", "evaluate", "learning-rate".
std::string_view runCommandName(RunCommand command);
/// \returns InvalidInput: no such command (names them), or a learning rate that is none.
Result<RunOrder> runOrderFrom(std::string_view name, double value);

/// Thread: any (m_mutex). The asker adds, the run takes.
class RunControl {
public:
    void ask(RunOrder order);
    std::vector<RunOrder> takeAll();

private:
    std::mutex m_mutex;
    std::vector<RunOrder> m_orders;  // guarded by m_mutex
};

/// Leaves an order for the run in \p runFolder, which may be another process's. \returns the file that stands for it,
/// which goes away when the run takes the order; Io.
Result<std::filesystem::path> leaveOrder(const std::filesystem::path& runFolder, const RunOrder& order);

/// Hears the orders left in a run's folder for as long as it lives: pause, resume and stop at once, through the job's
/// control, the others through \p control. Orders from before it lived are dropped.
class OrderWatcher {
public:
    OrderWatcher(std::filesystem::path runFolder, RunControl& control, JobContext& context);

private:
    void watch(const std::stop_token& token);
    void obey(const RunOrder& order);

    std::filesystem::path m_folder;
    RunControl& m_control;
    JobControl& m_job;
    std::jthread m_thread;  ///< last: ends before what it uses
};

}  // namespace lathe::train
