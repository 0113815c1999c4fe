// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What torch.save writes: archives and the older run of pickles. Every tensor that is found lies inside the file.
#include <cstdlib>

#include "core/torch_file.h"

using namespace lathe;

namespace {

void require(bool promise) {
    if (!promise)
        std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto tensors = readTorchFile({reinterpret_cast<const std::byte*>(data), size}, "fuzz");
    if (!tensors) {
        require(!tensors.error().message.empty());
        return 0;
    }
    for (const TorchFileTensor& tensor : *tensors) {
        require(tensor.begin <= size && tensor.bytes <= size - tensor.begin);
        require(tensor.shape.size() == tensor.strides.size());
        for (const std::int64_t length : tensor.shape)
            require(length >= 0);
    }
    return 0;
}
