// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli bench startup: starts the window program off-screen, lets it draw one page and end, and takes the time.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "cli/bench.h"
#include "cli/bench/temp_folder.h"
#include "core/program.h"

extern char** environ;

namespace lathe::cli {
namespace {

namespace fs = std::filesystem;

struct Started {
    double seconds = 0;
    std::string output;  ///< what the program said about its own start
};

Result<Started> startOnce(const fs::path& program, const fs::path& picture) {
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return fail(ErrorCode::Io, "no pipe could be made");
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    // Qt's remarks about the missing desktop are not ours.
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::vector<std::string> words = {program.string(), "--startup-time", "--screenshot", picture.string()};
    std::vector<char*> arguments;
    for (auto& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::vector<char*> environment;
    std::string platform = "QT_QPA_PLATFORM=offscreen";
    for (char** variable = environ; *variable; ++variable) {
        if (!std::string_view(*variable).starts_with("QT_QPA_PLATFORM="))
            environment.push_back(*variable);
    }
    environment.push_back(platform.data());
    environment.push_back(nullptr);
    const auto start = std::chrono::steady_clock::now();
    pid_t child = 0;
    const int problem = ::posix_spawn(&child, arguments[0], &actions, nullptr, arguments.data(), environment.data());
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    Started started;
    char buffer[4096];
    for (ssize_t count = 0; problem == 0 && (count = ::read(ends[0], buffer, sizeof buffer)) > 0;)
        started.output.append(buffer, static_cast<std::size_t>(count));
    ::close(ends[0]);
    if (problem != 0)
        return fail(ErrorCode::Io, fmt::format("{} could not be started", program.string()));
    int status = 0;
    ::waitpid(child, &status, 0);
    started.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return fail(ErrorCode::Internal,
                    fmt::format("{} ended with status {}; start it by hand to see why", program.string(), status));
    return started;
}

Result<Json> runStartup(const BenchOptions& options, Console& console) {
    std::error_code code;
    const fs::path program = programFolder() / "lathe";
    if (!fs::exists(program, code))
        return fail(ErrorCode::Unsupported,
                    "the window program lathe is not beside lathe-cli; build it with LATHE_GUI=ON");
    LATHE_TRY(const auto temporary, TempFolder::make());
    const std::int64_t runs = std::clamp<std::int64_t>(options.count > 0 ? options.count : 5, 1, 100);
    std::vector<double> seconds;
    std::string output;
    for (std::int64_t run = 0; run < runs; ++run) {
        if (console.context().stopRequested())
            return fail(ErrorCode::Canceled, "the benchmark was stopped");
        LATHE_TRY(auto started, startOnce(program, temporary.path() / "start.png"));
        seconds.push_back(started.seconds);
        output = std::move(started.output);
    }
    std::ranges::sort(seconds);
    const double median = seconds[seconds.size() / 2];
    return Json{{"runs", runs},
                {"median_seconds", median},
                {"fastest_seconds", seconds.front()},
                {"slowest_seconds", seconds.back()},
                {"program_says", output},
                {"text", fmt::format("start, first page drawn, end: {:.3f} s (median of {}, {:.3f} to {:.3f})\n{}",
                                     median, runs, seconds.front(), seconds.back(), output)}};
}

}  // namespace

BenchEntry startupBench() {
    return {.id = "startup", .summary = "starting the window, off-screen", .run = runStartup};
}

}  // namespace lathe::cli
