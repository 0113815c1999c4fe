// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// config.json of every architecture: what is read has sizes in bounds, and an estimate that can be compared with the
// machine's memory before anything is allocated.
#include <cmath>
#include <cstdlib>

#include "nn/network.h"

using namespace lathe;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const nn::ArchitectureRegistry registry = nn::makeArchitectureRegistry();
    const auto json = parseJson({reinterpret_cast<const char*>(data), size}, "config.json");
    if (!json)
        return json.error().message.empty() ? (std::abort(), 0) : 0;
    const auto config = nn::parseNetworkConfig(*json, "config.json");
    if (!config)
        return config.error().message.empty() ? (std::abort(), 0) : 0;
    if (config->vocabSize < 1 || config->hiddenSize < 1 || config->layers < 1 || config->labels.size() > 100'000)
        std::abort();
    const double parameters = registry.find(config->architecture)->estimateParameters(*config);
    if (!std::isfinite(parameters) || parameters < 1)
        std::abort();
    return 0;
}
