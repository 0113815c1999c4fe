// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A safetensors file's header. What is accepted lies inside the file, and is accepted again when it is written anew.
#include <cstdlib>

#include "core/safetensors_header.h"

using namespace lathe;

namespace {

void require(bool promise) {
    if (!promise)
        std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span file(reinterpret_cast<const std::byte*>(data), size);
    const auto header = parseSafetensorsHeader(file, "fuzz");
    if (!header) {
        require(!header.error().message.empty());
        return 0;
    }
    require(header->dataBegin <= size);
    std::uint64_t bytes = 0;
    for (const SafetensorsEntry& entry : header->tensors) {
        require(entry.begin <= entry.end && entry.end <= size - header->dataBegin);
        bytes += entry.end - entry.begin;
    }
    require(bytes == size - header->dataBegin);
    auto written = makeSafetensorsHeader(header->tensors, header->metadata);
    require(written.has_value());
    written->resize(written->size() + bytes);
    const auto again = parseSafetensorsHeader(std::as_bytes(std::span(*written)), "again");
    require(again.has_value() && again->tensors.size() == header->tensors.size() &&
            again->metadata == header->metadata);
    return 0;
}
