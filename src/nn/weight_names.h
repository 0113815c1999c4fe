// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which tensor of a file each weight of a network comes from: by name, with or without the base's prefix, under the
// wrappers and in the older spellings that files in the wild have.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "nn/network.h"
#include "nn/weights_reader.h"

namespace lathe::nn {

/// What a network takes from files, by checkpoint name.
struct NetworkWeights {
    NetworkWeights(const Network& network, const ArchitectureEntry& entry);

    std::map<std::string, torch::Tensor> parameters;
    std::map<std::string, torch::Tensor> buffers;  ///< kept as made when a file has them not
    std::map<std::string, std::string> aliases;    ///< names of shared tensors -> the parameter that they share
    std::map<std::string, bool> isTransposed;      ///< linear layers that keep [in, out]
};

struct WeightPlan {
    std::map<std::string, std::string> sourceOf;  ///< weight -> tensor of the file
    struct Copy {
        std::string source;  ///< tensor of the file
        std::string weight;  ///< what it repeats
        std::string alias;   ///< the shared tensor's name; "" = another spelling of the same weight
    };
    std::vector<Copy> copies;
    std::vector<std::string> missing;     ///< parameters
    std::vector<std::string> unexpected;  ///< tensors
    std::vector<std::string> leftOut;     ///< tensors of heads that the network has not
};

WeightPlan planWeights(const NetworkWeights& weights, const WeightsReader& reader, const ArchitectureEntry& entry);
bool startsWithAny(const std::string& name, const std::vector<std::string>& prefixes);

}  // namespace lathe::nn
