// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The number formats that weights files have, by the names of safetensors. No tensor library is needed to know them.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

namespace lathe {

/// In the order of the reference's enumeration, which decides the order of tensors in a file.
enum class TensorType : std::uint8_t {
    Bool,
    F4,
    F6E2M3,
    F6E3M2,
    U8,
    I8,
    F8E5M2,
    F8E4M3,
    F8E8M0,
    I16,
    U16,
    F16,
    BF16,
    I32,
    U32,
    F32,
    C64,
    F64,
    I64,
    U64
};

struct TensorTypeInfo {
    std::string_view name;
    unsigned bits;
};

/// Parallel to TensorType. \source huggingface/safetensors, safetensors/src/tensor.rs
inline constexpr std::array<TensorTypeInfo, 20> kTensorTypes = {
    {{"BOOL", 8},    {"F4", 4},      {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"U8", 8},   {"I8", 8},    {"F8_E5M2", 8},
     {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"I16", 16},    {"U16", 16},    {"F16", 16}, {"BF16", 16}, {"I32", 32},
     {"U32", 32},    {"F32", 32},    {"C64", 64},    {"F64", 64},    {"I64", 64}, {"U64", 64}}};

inline std::string_view nameOf(TensorType type) {
    return kTensorTypes[static_cast<std::size_t>(type)].name;
}
inline unsigned bitsOf(TensorType type) {
    return kTensorTypes[static_cast<std::size_t>(type)].bits;
}
inline std::optional<TensorType> tensorTypeNamed(std::string_view name) {
    for (std::size_t i = 0; i < kTensorTypes.size(); ++i)
        if (kTensorTypes[i].name == name)
            return static_cast<TensorType>(i);
    return std::nullopt;
}

/// The product of \p shape; nothing when it does not fit 63 bits (a size of 0 makes it 0) or a size is negative.
inline std::optional<std::int64_t> elementsOf(std::span<const std::int64_t> shape) {
    std::int64_t product = 1;
    bool empty = false;
    for (const std::int64_t size : shape) {
        if (size < 0)
            return std::nullopt;
        empty = empty || size == 0;
        if (size != 0 && product > std::numeric_limits<std::int64_t>::max() / size)
            return std::nullopt;
        product *= size == 0 ? 1 : size;
    }
    return empty ? 0 : product;
}

/// Bytes of so many elements; nothing when they do not fit 63 bits or end inside a byte.
inline std::optional<std::uint64_t> bytesOf(std::int64_t elements, TensorType type) {
    const auto count = static_cast<std::uint64_t>(elements);
    const std::uint64_t bits = bitsOf(type);
    if (count > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / bits || count * bits % 8 != 0)
        return std::nullopt;
    return count * bits / 8;
}

}  // namespace lathe
