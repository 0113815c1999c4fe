// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/cli.h"

#include <unistd.h>

#include <algorithm>
#include <CLI/CLI.hpp>
#include <iostream>
#include <new>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/suggest.h"
#include "core/log.h"

#ifndef LATHE_VERSION
#define LATHE_VERSION "unknown"
#endif

namespace lathe::cli {
namespace {

constexpr const char* kFooter =
    "Every command takes --json (one JSON object, or JSON lines where it streams) and --help.\n"
    "MODEL is a model folder, PROJECT:RUN, or PROJECT for its newest finished run.\n"
    "Exit status: 0 done, 1 the work failed, 2 wrong usage, 130 stopped.";

struct Choice {
    CLI::App* app = nullptr;
    std::unique_ptr<Command> command;
    std::string id;
};

/// The command whose name stands first among the words, "" if none does.
std::string firstWord(const std::vector<std::string>& arguments) {
    const auto word = std::ranges::find_if(arguments, [](const std::string& a) { return !a.starts_with('-'); });
    return word == arguments.end() ? std::string() : *word;
}

int runCommand(Command& command, const std::string& id, Console& console) {
    try {
        auto status = command.run(console);
        console.live({});
        if (console.outputError() == EPIPE)
            return kFailed;
        if (console.outputError() != 0)
            return console.failure(
                {ErrorCode::Io,
                 fmt::format("standard output cannot be written: {}", std::strerror(console.outputError())),
                 {}});
        if (!status)
            return console.failure(status.error());
        return *status;
    } catch (const std::bad_alloc&) {
        return console.failure(
            {ErrorCode::OutOfMemory, "out of memory: close other programs or take a smaller batch", {}});
    } catch (const std::exception& error) {
        return console.failure({ErrorCode::Internal,
                                fmt::format("{}: {} (a fault in lathe-cli, please report it)", id, error.what()),
                                {}});
    }
}

int unknownCommand(Console& console, const CommandRegistry& registry, const std::string& word) {
    std::vector<std::string> ids;
    for (const auto& entry : registry.entries())
        ids.push_back(entry.id);
    const std::string near = nearest(word, ids);
    return console.wrongUsage(fmt::format("there is no command \"{}\"{}", word,
                                          near.empty() ? "" : fmt::format(", did you mean \"{}\"?", near)));
}

int parseAndRun(std::vector<std::string> arguments, const Streams& streams, std::shared_ptr<JobControl> control) {
    const bool wantsJson = std::ranges::find(arguments, "--json") != arguments.end();
    const CommandRegistry registry = makeCommandRegistry();
    bool json = false;
    CLI::App app("Lathe without a window: from raw text to a tuned language model.", "lathe-cli");
    app.set_version_flag("--version", "lathe-cli " LATHE_VERSION);
    app.add_flag("--json", json, "print JSON");
    app.require_subcommand(1);
    app.footer(kFooter);
    std::vector<Choice> commands;
    for (const auto& entry : registry.entries()) {
        auto* sub = app.add_subcommand(entry.id, entry.summary);
        sub->add_flag("--json", json, "print JSON");
        commands.push_back(Choice{sub, entry.make(), entry.id});
        commands.back().command->define(*sub);
    }

    Console console(streams, wantsJson, control);
    if (const std::string word = firstWord(arguments); !word.empty() && !registry.find(word))
        return unknownCommand(console, registry, word);
    if (arguments.empty()) {
        streams.err << app.help();
        return kUsage;
    }
    const auto chosen = [&] {
        return std::ranges::find_if(commands, [](const auto& each) { return each.app->parsed(); });
    };
    try {
        std::ranges::reverse(arguments);  // CLI11 takes them from the back
        app.parse(std::move(arguments));
    } catch (const CLI::CallForVersion& version) {
        console.print(std::string(version.what()) + "\n");
        return kDone;
    } catch (const CLI::CallForHelp&) {
        const auto it = chosen();
        console.print(it == commands.end() ? app.help() : it->app->help("lathe-cli"));
        return kDone;
    } catch (const CLI::ParseError& error) {
        const auto it = chosen();
        return console.wrongUsage(error.what(), it == commands.end() ? std::string() : it->id);
    }
    const auto it = chosen();
    return runCommand(*it->command, it->id, console);
}

}  // namespace

int run(std::vector<std::string> arguments, const Streams& streams) {
    return parseAndRun(std::move(arguments), streams, std::make_shared<JobControl>());
}

int run(int argc, char** argv) {
    std::ios::sync_with_stdio(false);
    auto control = std::make_shared<JobControl>();
    installInterrupt(control);
    const Streams streams{std::cin, std::cout, std::cerr, ::isatty(0) == 1, ::isatty(1) == 1, ::isatty(2) == 1};
    const int sink = addLogSink([](const LogLine& line) {
        if (line.level == LogLevel::Warning || line.level == LogLevel::Error)
            std::cerr << "warning: " << line.category << ": " << oneLine(line.text) << "\n" << std::flush;
    });
    const int status = parseAndRun(std::vector<std::string>(argv + 1, argv + argc), streams, control);
    removeLogSink(sink);
    std::cout.flush();
    std::cerr.flush();
    return status;
}

}  // namespace lathe::cli
