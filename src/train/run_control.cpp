// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/run_control.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <condition_variable>

#include "core/files.h"
#include "core/log.h"

namespace lathe::train {
namespace {

namespace fs = std::filesystem;
constexpr auto kLookEvery = std::chrono::milliseconds(100);

struct Name {
    RunCommand command;
    const char* name;
};
constexpr std::array kNames{Name{RunCommand::Pause, "pause"},
                            Name{RunCommand::Resume, "resume"},
                            Name{RunCommand::Stop, "stop"},
                            Name{RunCommand::StopAfterEpoch, "stop-after-epoch"},
                            Name{RunCommand::SaveNow, "save"},
                            Name{RunCommand::EvaluateNow, "evaluate"},
                            Name{RunCommand::SetLearningRate, "learning-rate"}};

fs::path ordersFolder(const fs::path& runFolder) {
    return runFolder / "orders";
}

Result<RunOrder> readOrder(const fs::path& file) {
    LATHE_TRY(const Json json, readJsonFile(file, 4096));
    LATHE_TRY(const std::string name, jsonString(json, "command", ""));
    LATHE_TRY(const double value, jsonReal(json, "value", 0));
    return runOrderFrom(name, value);
}

/// Oldest first: names begin with the time.
std::vector<fs::path> orderFiles(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code code;
    for (const auto& entry : fs::directory_iterator(folder, code))
        if (entry.path().extension() == ".json")
            files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

}  // namespace

std::string_view runCommandName(RunCommand command) {
    return std::ranges::find(kNames, command, &Name::command)->name;
}

Result<RunOrder> runOrderFrom(std::string_view name, double value) {
    const auto found = std::ranges::find_if(kNames, [&](const Name& each) { return each.name == name; });
    if (found == kNames.end()) {
        std::string known;
        for (const Name& each : kNames)
            known += (known.empty() ? "" : ", ") + std::string(each.name);
        return fail(ErrorCode::InvalidInput,
                    fmt::format("\"{}\" is nothing that a run can be asked ({})", name, known));
    }
    if (found->command == RunCommand::SetLearningRate && !(std::isfinite(value) && value > 0))
        return fail(ErrorCode::InvalidInput, fmt::format("a learning rate of {} is none; give one above 0", value));
    return RunOrder{found->command, value};
}

void RunControl::ask(RunOrder order) {
    const std::lock_guard lock(m_mutex);
    m_orders.push_back(order);
}

std::vector<RunOrder> RunControl::takeAll() {
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_orders, {});
}

Result<fs::path> leaveOrder(const fs::path& runFolder, const RunOrder& order) {
    const fs::path folder = ordersFolder(runFolder);
    LATHE_CHECK(makeFolder(folder));
    static int count = 0;
    const fs::path file = folder / fmt::format("{:015}-{}-{}.json", nowMs(), ::getpid(), count++);
    LATHE_CHECK(writeJsonFile(file, {{"command", runCommandName(order.command)}, {"value", order.value}}));
    return file;
}

OrderWatcher::OrderWatcher(fs::path runFolder, RunControl& control, JobContext& context)
    : m_folder(ordersFolder(runFolder)), m_control(control), m_job(context.control()) {
    std::error_code code;
    fs::remove_all(m_folder, code);
    m_thread = std::jthread([this](const std::stop_token& token) { watch(token); });
}

void OrderWatcher::watch(const std::stop_token& token) {
    std::mutex mutex;
    std::condition_variable_any waiting;
    std::unique_lock lock(mutex);
    while (!token.stop_requested()) {
        for (const fs::path& file : orderFiles(m_folder)) {
            if (const auto order = readOrder(file))
                obey(*order);
            else
                logWarning("train", "{}", order.error().message);
            std::error_code code;
            fs::remove(file, code);
        }
        waiting.wait_for(lock, token, kLookEvery, [] { return false; });
    }
}

void OrderWatcher::obey(const RunOrder& order) {
    switch (order.command) {
        case RunCommand::Pause:
            m_control.ask(order);  // to be recorded
            return m_job.setPaused(true);
        case RunCommand::Resume:
            return m_job.setPaused(false);
        case RunCommand::Stop:
            return m_job.requestStop();
        default:
            return m_control.ask(order);
    }
}

}  // namespace lathe::train
