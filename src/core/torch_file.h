// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What torch.save wrote (pytorch_model.bin, *.pt, *.pth): which tensors it holds and where their numbers lie in the
// file. Nothing of the file is run: the pickle inside can name tensors, their storages and containers, and no more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/tensor_type.h"

namespace lathe {

struct TorchFileTensor {
    std::string name;
    TensorType type = TensorType::F32;
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> strides;  ///< in elements; 0 repeats
    std::uint64_t begin = 0;            ///< byte of the file where the first element lies
    std::uint64_t bytes = 0;            ///< from there to the end of the last element; within the file
};

/// The tensors by name: of the dictionary that the file holds, or of the "state_dict", "model_state_dict", "model" or
/// "module" in it. Both of torch.save's formats, the archive (since torch 1.6) and the older run of pickles.
/// \param file the whole file (a memory map). \param where named in the error.
/// \returns Parse (truncated, broken, bytes outside of the file), Unsupported (wants to run something, TorchScript,
/// big-endian, compressed, a type that tensors here have not; each by name), InvalidInput (no tensors by name in it).
Result<std::vector<TorchFileTensor>> readTorchFile(std::span<const std::byte> file, std::string_view where);

}  // namespace lathe
