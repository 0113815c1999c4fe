// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// safetensors files: 8 bytes header length, JSON header, tensors. Read by memory map, checked before it is believed.
// \source huggingface/safetensors README (format)
#pragma once

#include <torch/types.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"

namespace lathe::nn {

struct TensorInfo {
    torch::ScalarType dtype = torch::kFloat32;
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0, end = 0;  ///< bytes behind the header
};

/// An opened file or sharded set (model.safetensors.index.json).
class SafetensorsReader {
public:
    /// One .safetensors file. \returns NotFound, Io, Parse (says what in the header is wrong; nothing is allocated by
    /// what the header claims), Unsupported (a dtype torch has not).
    static Result<SafetensorsReader> open(const std::filesystem::path& file);
    /// model.safetensors, or the shards that model.safetensors.index.json names.
    static Result<SafetensorsReader> openFolder(const std::filesystem::path& folder);

    const std::map<std::string, TensorInfo>& tensors() const;
    const std::map<std::string, std::string>& metadata() const;
    /// A view into the memory map that keeps it alive; copy it before writing. \returns NotFound.
    Result<torch::Tensor> tensor(const std::string& name) const;

private:
    struct State;
    std::shared_ptr<State> m_state;
};

/// Writes atomically, in the order given, as the reference does ("format": "pt" in the metadata).
Result<> writeSafetensors(const std::filesystem::path& file,
                          const std::vector<std::pair<std::string, torch::Tensor>>& tensors,
                          const std::map<std::string, std::string>& metadata = {{"format", "pt"}});

}  // namespace lathe::nn
