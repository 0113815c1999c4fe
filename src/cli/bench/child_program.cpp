// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/bench/child_program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>

extern char** environ;

namespace lathe::cli {

Result<std::string> outputOfProgram(std::vector<std::string> words, std::vector<std::string> variables) {
    LATHE_TRY(MeasuredProgram measured, measureProgram(std::move(words), std::move(variables)));
    return std::move(measured.output);
}

Result<MeasuredProgram> measureProgram(std::vector<std::string> words, std::vector<std::string> variables) {
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return fail(ErrorCode::Io, "no pipe could be made");
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    // Remarks about a missing desktop and the like are not ours.
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::vector<char*> arguments, environment;
    for (auto& word : words)
        arguments.push_back(word.data());
    for (char** inherited = environ; *inherited; ++inherited) {
        const std::string_view text(*inherited);
        const auto name = text.substr(0, text.find('=') + 1);
        if (std::ranges::none_of(variables, [&](const std::string& own) { return own.starts_with(name); }))
            environment.push_back(*inherited);
    }
    for (auto& variable : variables)
        environment.push_back(variable.data());
    arguments.push_back(nullptr);
    environment.push_back(nullptr);
    pid_t child = 0;
    const int problem = ::posix_spawn(&child, arguments[0], &actions, nullptr, arguments.data(), environment.data());
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    MeasuredProgram measured;
    char buffer[4096];
    for (ssize_t count = 0; problem == 0 && (count = ::read(ends[0], buffer, sizeof buffer)) > 0;)
        measured.output.append(buffer, static_cast<std::size_t>(count));
    ::close(ends[0]);
    if (problem != 0)
        return fail(ErrorCode::Io, fmt::format("{} could not be started", words[0]));
    int status = 0;
    rusage usage{};
    ::wait4(child, &status, 0, &usage);
    measured.peakBytes = static_cast<double>(usage.ru_maxrss) * 1024;  // Linux counts in KiB
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return fail(ErrorCode::Internal,
                    fmt::format("{} ended with status {}; start it by hand to see why", words[0], status));
    return measured;
}

}  // namespace lathe::cli
