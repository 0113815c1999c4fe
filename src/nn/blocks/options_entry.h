// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// An architecture's entry from three functions of its options: read(raw) -> Result<Options>, make(Options) ->
// shared_ptr<Network>, estimate(Options) -> double. Options hold what is common as `common`, a NetworkConfig.
#pragma once

#include <torch/types.h>

#include <utility>

#include "nn/network.h"

namespace lathe::nn {

template <typename Read, typename Make, typename Estimate>
void setOptionReader(ArchitectureEntry& entry, Read read, Make make, Estimate estimate) {
    entry.parse = [read](const Json& raw) -> Result<NetworkConfig> {
        LATHE_TRY(auto options, read(raw));
        return std::move(options.common);
    };
    entry.make = [read, make](const NetworkConfig& config) -> std::shared_ptr<Network> {
        auto options = read(config.raw);
        TORCH_CHECK(options.has_value(), "a network was made of a config that was not parsed");
        options->common.untied = config.untied;
        return make(std::move(*options));
    };
    entry.estimateParameters = [read, estimate](const NetworkConfig& config) -> double {
        auto options = read(config.raw);
        if (!options)
            return 0.0;
        options->common.untied = config.untied;
        return estimate(*options);
    };
}

}  // namespace lathe::nn
