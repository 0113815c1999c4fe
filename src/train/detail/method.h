// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Method: which weights of a network a run may change, and how they are prepared for it.
// A method is one file in methods/ and one line in methods/methods.def.
// Thread: compute lane.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/option_spec.h"
#include "core/registry.h"
#include "nn/network.h"
#include "train/catalog.h"

namespace lathe::train {

class Method {
public:
    virtual ~Method() = default;
    /// Sets requires_grad on every parameter. Called once, before the optimizer is made.
    /// \returns InvalidInput when the network has nothing that the method could train.
    virtual Result<> prepare(nn::Network& network) = 0;
};

struct MethodEntry {
    std::string id;
    std::string title;
    std::string help;
    std::string source;
    std::vector<OptionSpec> options;
    std::function<std::unique_ptr<Method>(const Json& options)> make;
};
using MethodRegistry = Registry<MethodEntry>;
MethodRegistry makeMethodRegistry();

/// The number of the layer that a parameter belongs to ("bert.encoder.layer.3.output.dense.weight" -> 3), -1 = none.
std::int64_t layerOfParameter(std::string_view name);
/// Whether a parameter belongs to the task's head: classifier, pooler, or an output matrix of its own.
bool isHeadParameter(std::string_view name);

}  // namespace lathe::train
