// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Command: one file each in commands/, one line each in commands/commands.def. The same pattern as the other
// registries.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cli/console.h"
#include "core/registry.h"

namespace CLI {
class App;
}

namespace lathe::cli {

class Command {
public:
    virtual ~Command() = default;
    /// Adds arguments and flags. --json is there already.
    virtual void define(CLI::App& app) = 0;
    /// \returns an ExitStatus; an Error becomes its line and status 1, Canceled becomes 130.
    virtual Result<int> run(Console& console) = 0;
};

struct CommandEntry {
    std::string id;       ///< "import"
    std::string summary;  ///< one line of lathe-cli --help
    std::function<std::unique_ptr<Command>()> make;
};

using CommandRegistry = Registry<CommandEntry>;
CommandRegistry makeCommandRegistry();

}  // namespace lathe::cli
