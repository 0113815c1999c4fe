// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli control PROJECT RUN ORDER [VALUE]: asks something of a run that goes in another process.
#include <chrono>
#include <CLI/CLI.hpp>
#include <thread>

#include "cli/command.h"
#include "cli/references.h"
#include "train/run_control.h"

namespace lathe::cli {
namespace {

/// A run looks for orders ten times a second, but only while it trains.
constexpr auto kPatience = std::chrono::seconds(10);
constexpr auto kLookEvery = std::chrono::milliseconds(50);

class ControlCommand : public Command {
public:
    void define(CLI::App& app) override {
        app.add_option("PROJECT", m_project, "project folder")->required();
        app.add_option("RUN", m_run, "the run's id or its number")->required();
        app.add_option("ORDER", m_order,
                       "pause, resume, stop, stop-after-epoch, save, evaluate, or learning-rate with its new highest "
                       "value")
            ->required();
        app.add_option("VALUE", m_value, "learning-rate: the value");
    }

    Result<int> run(Console& console) override {
        const auto order = train::runOrderFrom(m_order, m_value);
        if (!order)
            return console.wrongUsage(order.error().message, "control");
        LATHE_TRY(const auto opened, openProject(m_project, corpus::Access::Read));
        LATHE_TRY(const auto run, findRun(opened, m_run));
        if (run.status != "running")
            return fail(ErrorCode::InvalidInput, fmt::format("run {} does not go ({}); lathe-cli train {} --resume {} "
                                                             "goes on with a run that was stopped",
                                                             run.id, run.status, m_project, run.id));
        LATHE_TRY(const auto file, train::leaveOrder(opened.project.runsFolder() / run.id, *order));
        if (!taken(file))
            return fail(ErrorCode::NotFound,
                        fmt::format("run {} did not take the order within 10 s; has its program ended?", run.id));
        if (console.json())
            console.printJson({{"run", run.id}, {"order", m_order}});
        else
            console.line("{} asked to {}", run.id, m_order);
        return kDone;
    }

private:
    /// Takes the order back if nobody wanted it.
    static bool taken(const std::filesystem::path& file) {
        std::error_code code;
        const auto end = std::chrono::steady_clock::now() + kPatience;
        while (std::chrono::steady_clock::now() < end) {
            if (!std::filesystem::exists(file, code))
                return true;
            std::this_thread::sleep_for(kLookEvery);
        }
        return !std::filesystem::remove(file, code);
    }

    std::string m_project, m_run, m_order;
    double m_value = 0;
};

}  // namespace

CommandEntry controlCommand() {
    return {.id = "control", .summary = "pause, resume, save, evaluate or stop a run that goes elsewhere", .make = [] {
                return std::make_unique<ControlCommand>();
            }};
}

}  // namespace lathe::cli
