// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which torch device a name means.
#include "infer/detail/device_choice.h"

#include <fmt/format.h>
#include <torch/cuda.h>

#include <charconv>

namespace lathe::infer {

Result<torch::Device> chooseDevice(const std::string& name) {
    if (name == "cpu")
        return torch::Device(torch::kCPU);
    const auto count = static_cast<int>(torch::cuda::device_count());
    if (name == "auto" || name.empty())
        return count > 0 ? torch::Device(torch::kCUDA, 0) : torch::Device(torch::kCPU);
    int index = 0;
    const char* end = name.data() + name.size();
    const bool numbered = name.starts_with("cuda:") && name.size() > 5;
    if (numbered) {
        const auto [stop, error] = std::from_chars(name.data() + 5, end, index);
        index = error == std::errc() && stop == end ? index : -1;
    }
    if ((name != "cuda" && !numbered) || index < 0)
        return fail(ErrorCode::InvalidInput, fmt::format("\"{}\" is no device; use auto, cpu, cuda or cuda:N", name));
    if (index >= count)
        return fail(ErrorCode::Unsupported,
                    fmt::format("{} is not there: this libtorch sees {} CUDA devices; use cpu", name, count));
    return torch::Device(torch::kCUDA, static_cast<torch::DeviceIndex>(index));
}

}  // namespace lathe::infer
