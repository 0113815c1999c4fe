// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The index of a sharded set of weights. No file that it names lies outside of its folder.
#include <cstdlib>

#include "core/safetensors_header.h"

using namespace lathe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto index = parseWeightIndex({reinterpret_cast<const char*>(data), size}, "fuzz");
    if (!index)
        return index.error().message.empty() ? (std::abort(), 0) : 0;
    for (const auto& [tensor, file] : *index)
        if (file.empty() || file == "." || file == ".." || file.find('/') != std::string::npos)
            std::abort();
    return 0;
}
