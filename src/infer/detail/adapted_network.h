// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A network with the adapters that were asked for on it, as the models behind TextModel load it.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "infer/text_model.h"
#include "nn/adapters/adapter_set.h"
#include "nn/network.h"

namespace lathe::infer {

/// The network of a model's folder, or of an adapter's: then the base under the head that the adapter's folder
/// describes. The network keeps its adapters alive. With LoadOptions::mergeAdapters, adapters that are changes of
/// weights become part of them for good, which is what the fastest decoding wants; others stay beside it.
Result<std::shared_ptr<nn::Network>> loadAdapted(const ModelInfo& info, torch::Device device,
                                                 const LoadOptions& options);

/// Writes adapters into the network's weights for good, all or none. \returns what loading them does; Unsupported for
/// what is no change of weights.
Result<> mergeAdapters(const std::shared_ptr<nn::Network>& network, const std::vector<AdapterChoice>& adapters);

}  // namespace lathe::infer
