// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The weights of a model folder as tensors, whatever files hold them: safetensors or torch.save's, one or many.
// Memory-mapped: a tensor costs memory when it is copied, not before. Thread: any, once opened.
#pragma once

#include <torch/types.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"

namespace lathe::nn {

struct TensorInfo {
    torch::ScalarType dtype = torch::kFloat32;
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> strides;  ///< in elements; empty = row by row without gaps
    std::uint64_t begin = 0, end = 0;   ///< the bytes of its file that it lies in
};

class WeightsReader {
public:
    /// One file, by what it begins with. \returns NotFound, Io, and what the formats' readers refuse
    /// (core/safetensors_header.h, core/torch_file.h); Unsupported: a type that this libtorch has not.
    static Result<WeightsReader> open(const std::filesystem::path& file);
    /// model.safetensors or the shards that model.safetensors.index.json names, else pytorch_model.bin or its shards.
    /// \returns also Parse: an index that names what is not there, or a file elsewhere.
    static Result<WeightsReader> openFolder(const std::filesystem::path& folder);

    const std::map<std::string, TensorInfo>& tensors() const;
    const std::map<std::string, std::string>& metadata() const;  ///< safetensors
    /// The names, in the order in which they lie on the disk.
    std::vector<std::string> inFileOrder() const;
    /// A view into the memory map that keeps it alive; copy it before writing. \returns NotFound.
    Result<torch::Tensor> tensor(const std::string& name) const;
    /// Gives the pages of a tensor, or of some of its bytes, back to the system once they were copied. They are read
    /// again if need be.
    void release(const std::string& name, std::uint64_t begin = 0, std::uint64_t bytes = UINT64_MAX) const;
    /// "model.safetensors", "pytorch_model.bin" or "3 shards": for messages.
    std::string describe() const;

private:
    struct State;
    std::shared_ptr<State> m_state;
};

}  // namespace lathe::nn
