// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli bench startup: starts the window program off-screen, lets it draw one page and end, and takes the time.
#include <algorithm>
#include <chrono>
#include <vector>

#include "cli/bench.h"
#include "cli/bench/child_program.h"
#include "core/program.h"
#include "core/scratch_folder.h"

namespace lathe::cli {
namespace {

namespace fs = std::filesystem;

struct Started {
    double seconds = 0;
    std::string output;  ///< what the program said about its own start
};

Result<Started> startOnce(const fs::path& program, const fs::path& picture) {
    const auto start = std::chrono::steady_clock::now();
    Started started;
    LATHE_TRY(started.output, outputOfProgram({program.string(), "--startup-time", "--screenshot", picture.string()},
                                              {"QT_QPA_PLATFORM=offscreen"}));
    started.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return started;
}

Result<Json> runStartup(const BenchOptions& options, Console& console) {
    std::error_code code;
    const fs::path program = programFolder() / "lathe";
    if (!fs::exists(program, code))
        return fail(ErrorCode::Unsupported,
                    "the window program lathe is not beside lathe-cli; build it with LATHE_GUI=ON");
    LATHE_TRY(const auto temporary, ScratchFolder::make("bench"));
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
