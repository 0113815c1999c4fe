// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The command line's entry: parses, runs one command, turns its Result into an exit status.
#pragma once

#include <string>
#include <vector>

#include "cli/console.h"

namespace lathe::cli {

/// The process's own streams, signals and log. \returns the exit status (ExitStatus).
int run(int argc, char** argv);
/// The same with given streams and without touching signals: what tests call. \p arguments without the program's name.
int run(std::vector<std::string> arguments, const Streams& streams);

}  // namespace lathe::cli
