// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What differs between libtorch 1.13 (Debian 12) and 2.x, in one place to delete later.
#pragma once

#include <torch/types.h>
#include <torch/version.h>

#include <optional>
#include <string_view>

#define LATHE_TORCH_AT_LEAST(major, minor) \
    (TORCH_VERSION_MAJOR > (major) || (TORCH_VERSION_MAJOR == (major) && TORCH_VERSION_MINOR >= (minor)))

namespace lathe::nn {

/// The torch type of a safetensors dtype name, where this libtorch has one.
inline std::optional<torch::ScalarType> scalarTypeNamed(std::string_view name) {
    using Pair = std::pair<std::string_view, torch::ScalarType>;
    static constexpr Pair kTypes[] = {
        {"F64", torch::kFloat64},
        {"F32", torch::kFloat32},
        {"F16", torch::kFloat16},
        {"BF16", torch::kBFloat16},
        {"I64", torch::kInt64},
        {"I32", torch::kInt32},
        {"I16", torch::kInt16},
        {"I8", torch::kInt8},
        {"U8", torch::kUInt8},
        {"BOOL", torch::kBool},
#if LATHE_TORCH_AT_LEAST(2, 1)
        {"F8_E4M3", torch::kFloat8_e4m3fn},
        {"F8_E5M2", torch::kFloat8_e5m2},
#endif
#if LATHE_TORCH_AT_LEAST(2, 3)
        {"U16", torch::kUInt16},
        {"U32", torch::kUInt32},
        {"U64", torch::kUInt64},
#endif
    };
    for (const auto& [known, type] : kTypes)
        if (known == name)
            return type;
    return std::nullopt;
}

/// The safetensors name of a type; empty for a type the format has not.
inline std::string_view safetensorsName(torch::ScalarType type) {
    for (const std::string_view name : {"F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U8", "BOOL", "F8_E4M3",
                                        "F8_E5M2", "U16", "U32", "U64"})
        if (scalarTypeNamed(name) == type)
            return name;
    return {};
}

/// Tells autograd that a tensor's bytes were changed behind its back.
inline void bumpVersion(const torch::Tensor& tensor) {
    if (!tensor.is_inference())
        tensor.unsafeGetTensorImpl()->bump_version();
}

/// The count of in-place changes; 0 for tensors of inference mode, which have none.
inline std::int64_t versionOf(const torch::Tensor& tensor) {
    return tensor.is_inference() ? 0 : static_cast<std::int64_t>(tensor._version());
}

}  // namespace lathe::nn
