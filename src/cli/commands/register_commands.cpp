// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Builds the registry from commands.def; never edited when a command is added.
#include "cli/command.h"

namespace lathe::cli {

#define COMMAND(function) CommandEntry function();
#include "cli/commands/commands.def"
#undef COMMAND

CommandRegistry makeCommandRegistry() {
    CommandRegistry registry;
#define COMMAND(function) registry.add(function());
#include "cli/commands/commands.def"
#undef COMMAND
    return registry;
}

}  // namespace lathe::cli
