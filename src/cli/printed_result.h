// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a command did, said once: as JSON or as a line.
#pragma once

#include <string>
#include <string_view>

#include "cli/console.h"

namespace lathe::cli {

/// \p json with --json, else \p line.
inline void printResult(Console& console, const Json& json, std::string_view line) {
    if (console.json())
        console.printJson(json);
    else
        console.print(std::string(line) + "\n");
}

}  // namespace lathe::cli
