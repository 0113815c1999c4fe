// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The header of a safetensors file and the index of a sharded set: read with nothing believed before it is checked
// against the file's size, and in memory proportional to the text. \source huggingface/safetensors README (format)
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/tensor_type.h"

namespace lathe {

/// What the reference allows, too.
inline constexpr std::uint64_t kMaxSafetensorsHeader = 100'000'000;

struct SafetensorsEntry {
    std::string name;
    TensorType type = TensorType::F32;
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0, end = 0;  ///< bytes behind the header
};

struct SafetensorsHeader {
    std::vector<SafetensorsEntry> tensors;  ///< by name
    std::map<std::string, std::string> metadata;
    std::uint64_t dataBegin = 0;  ///< bytes of the file before the tensors
};

/// \param file the whole file's bytes (a memory map); only the header's are read. \param where named in the error.
/// \returns Parse: the header is longer than the file, no JSON, a name twice, bytes that disagree with shape and type,
/// tensors that overlap, leave holes or end elsewhere than the file. Unsupported: a type that the format has not.
Result<SafetensorsHeader> parseSafetensorsHeader(std::span<const std::byte> file, std::string_view where);

/// The first bytes of a file: length, JSON in the entries' order, padding to a multiple of 8. Only name, type and
/// shape of the entries are used; the offsets follow from them. \returns Internal (a name twice, an impossible shape).
Result<std::string> makeSafetensorsHeader(std::span<const SafetensorsEntry> tensors,
                                          const std::map<std::string, std::string>& metadata);

/// model.safetensors.index.json or pytorch_model.bin.index.json: (tensor, file) by tensor.
/// \returns Parse: no weight_map, a name twice, a file that does not lie beside the index.
Result<std::vector<std::pair<std::string, std::string>>> parseWeightIndex(std::string_view text,
                                                                          std::string_view where);

}  // namespace lathe
