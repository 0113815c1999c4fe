// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Writes safetensors tensor by tensor, so that saving costs no second copy of a model.
#include <fmt/format.h>

#include <algorithm>

#include "core/atomic_file.h"
#include "core/safetensors_header.h"
#include "nn/safetensors.h"
#include "nn/torch_compat.h"
#include "nn/torch_guard.h"

namespace lathe::nn {

namespace {

Result<SafetensorsEntry> entryOf(const std::string& name, const torch::Tensor& tensor, torch::ScalarType inFile) {
    const auto type = tensorTypeNamed(safetensorsName(inFile));
    if (!type)
        return fail(ErrorCode::Unsupported, fmt::format("tensor \"{}\" has the type {}, which safetensors has not",
                                                        name, c10::toString(inFile)));
    return SafetensorsEntry{name, *type, tensor.sizes().vec()};
}

}  // namespace

Result<> writeSafetensors(const std::filesystem::path& file, const NamedTensors& tensors,
                          const std::map<std::string, std::string>& metadata, std::optional<torch::ScalarType> dtype) {
    const auto typeIn = [&](const torch::Tensor& tensor) {
        return dtype && tensor.is_floating_point() ? *dtype : tensor.scalar_type();
    };
    return guardTorch(fmt::format("writing {}", file.filename().string()), [&]() -> Result<> {
        std::vector<SafetensorsEntry> entries;
        for (const auto& [name, tensor] : tensors) {
            LATHE_TRY(SafetensorsEntry entry, entryOf(name, tensor, typeIn(tensor)));
            entries.push_back(std::move(entry));
        }
        LATHE_TRY(const std::string header, makeSafetensorsHeader(entries, metadata));
        LATHE_TRY(AtomicFile out, AtomicFile::create(file));
        LATHE_CHECK(out.write(header));
        for (const auto& [name, tensor] : tensors) {
            const torch::Tensor plain = tensor.detach().to(torch::kCPU, typeIn(tensor)).contiguous();
            LATHE_CHECK(out.write(std::span(static_cast<const std::byte*>(plain.data_ptr()), plain.nbytes())));
        }
        return out.commit();
    });
}

void sortAsReference(NamedTensors& tensors) {
    const auto rank = [](const torch::Tensor& tensor) {
        const auto type = tensorTypeNamed(safetensorsName(tensor.scalar_type()));
        return type ? -static_cast<int>(*type) : 1;
    };
    std::ranges::stable_sort(tensors, [&](const auto& a, const auto& b) {
        return std::pair(rank(a.second), std::string_view(a.first)) <
               std::pair(rank(b.second), std::string_view(b.first));
    });
}

}  // namespace lathe::nn
