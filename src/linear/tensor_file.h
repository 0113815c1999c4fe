// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// safetensors without torch: the few dense tensors of the linear classifier.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/mapped_file.h"
#include "core/result.h"
#include "core/safetensors_header.h"

namespace lathe::linear {

struct TensorBytes {
    std::string name;
    TensorType type = TensorType::F32;  ///< little-endian
    std::vector<std::int64_t> shape;
    std::span<const std::byte> bytes;
};

/// Streams the tensors into a temporary file beside \p path, fsync, rename. \returns Io.
Result<> writeTensorFile(const std::filesystem::path& path, std::span<const TensorBytes> tensors);

/// Thread: any, once opened. Tensors point into the mapping.
class TensorFile {
public:
    /// \returns NotFound, Io, and what parseSafetensorsHeader does.
    static Result<TensorFile> open(const std::filesystem::path& path);
    /// The tensor, if it has this type and shape. \returns NotFound, InvalidInput.
    Result<TensorBytes> tensor(std::string_view name, TensorType type, std::span<const std::int64_t> shape) const;

private:
    std::filesystem::path m_path;
    MappedFile m_file;
    std::map<std::string, TensorBytes, std::less<>> m_tensors;
};

}  // namespace lathe::linear
