// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What infer/model_folder.h does with a network in hand: for whoever changed one (adapters merged into it).
#pragma once

#include "infer/model_folder.h"
#include "nn/network.h"

namespace lathe::infer {

/// "" = nothing. \returns InvalidInput.
Result<std::optional<torch::ScalarType>> saveTypeNamed(const std::string& name);
/// \p network as a folder at \p target, with the files that lie beside the weights in \p source.
Result<SavedModel> saveModelFolder(const std::filesystem::path& source, const nn::Network& network,
                                   const std::filesystem::path& target, const SaveModelOptions& options);

}  // namespace lathe::infer
