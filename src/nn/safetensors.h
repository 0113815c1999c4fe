// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Writes safetensors files: 8 bytes header length, JSON header, tensors. nn/weights_reader.h reads them.
// \source huggingface/safetensors README (format)
#pragma once

#include <torch/types.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "nn/weights_reader.h"

namespace lathe::nn {

using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

/// Writes atomically, in the order given ("format": "pt" in the metadata, as the reference does). \p dtype: what
/// floating-point tensors become on the way, one at a time. \returns Io, Unsupported (a type that the format has not),
/// Internal (a name twice).
Result<> writeSafetensors(const std::filesystem::path& file, const NamedTensors& tensors,
                          const std::map<std::string, std::string>& metadata = {{"format", "pt"}},
                          std::optional<torch::ScalarType> dtype = std::nullopt);

/// The order in which the reference's writer puts tensors: the largest types first, then by name.
void sortAsReference(NamedTensors& tensors);

}  // namespace lathe::nn
