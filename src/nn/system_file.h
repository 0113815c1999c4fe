// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reads files of /proc, whose size the system gives as 0 until they are read.
#pragma once

#include <fstream>
#include <iterator>
#include <string>

namespace lathe::nn {

/// The whole text; empty when there is no such file.
inline std::string readSystemFile(const char* path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace lathe::nn
