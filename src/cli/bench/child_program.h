// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A program run to its end, with what it wrote to standard output: for what must be measured in a process of its own.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"

namespace lathe::cli {

/// \param words the program's path and its arguments. \param variables "NAME=value", in place of this process's own.
/// \returns Io (cannot be started), Internal (ended with another status than 0).
Result<std::string> outputOfProgram(std::vector<std::string> words, std::vector<std::string> variables = {});

struct MeasuredProgram {
    std::string output;
    double peakBytes = 0;  ///< of resident memory, over its whole life
};
/// The same with what it took.
Result<MeasuredProgram> measureProgram(std::vector<std::string> words, std::vector<std::string> variables = {});

}  // namespace lathe::cli
