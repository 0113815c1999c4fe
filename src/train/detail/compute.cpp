// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/compute.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/cuda.h>
#include <torch/utils.h>

#include <algorithm>
#include <charconv>

#include "nn/dropout.h"

namespace lathe::train {

Result<torch::Device> deviceFor(const std::string& name) {
    if (name == "cpu")
        return torch::Device(torch::kCPU);
    const auto count = static_cast<int>(torch::cuda::device_count());
    if (name == "auto")
        return count > 0 ? torch::Device(torch::kCUDA, 0) : torch::Device(torch::kCPU);
    int index = 0;
    const std::string_view rest = std::string_view(name).substr(std::min<std::size_t>(4, name.size()));
    const bool cuda = name.starts_with("cuda");
    if (cuda && rest.size() > 1 && rest.front() == ':') {
        const auto [end, code] = std::from_chars(rest.data() + 1, rest.data() + rest.size(), index);
        if (code != std::errc{} || end != rest.data() + rest.size() || index < 0)
            index = -1;
    } else if (!rest.empty()) {
        index = -1;
    }
    if (!cuda || index < 0)
        return fail(ErrorCode::InvalidInput,
                    fmt::format("device {} is not known; choose auto, cpu, cuda or cuda:1", name));
    if (index >= count)
        return fail(ErrorCode::Unsupported,
                    fmt::format("device {} is not there: this program sees {} CUDA devices; choose cpu", name, count));
    return torch::Device(torch::kCUDA, static_cast<torch::DeviceIndex>(index));
}

Result<> checkPrecision(const std::string& name, torch::Device device) {
    if (name == "fp16" && !device.is_cuda())
        return fail(ErrorCode::Unsupported, "precision fp16 is for CUDA devices; choose bf16 or float32 here");
    return {};
}

nn::Precision precisionFor(const std::string& name, torch::Device device) {
    if (name == "fp16")
        return nn::Precision::Fp16;
    const bool bf16 = name == "bf16" || (name == "auto" && (device.is_cuda() || nn::isBf16Fast()));
    return bf16 ? nn::Precision::Bf16 : nn::Precision::Float32;
}

void seedGenerators(std::uint64_t seed) {
    torch::manual_seed(seed);
    nn::setDropoutState({.seed = seed, .calls = 0});
}

void setDeterministic(bool on) {
    at::globalContext().setDeterministicAlgorithms(on, /*warn_only=*/true);
    at::globalContext().setDeterministicCuDNN(on);
    if (on)
        at::globalContext().setBenchmarkCuDNN(false);
}

int tokeniserThreads() {
    return std::max(1, at::get_num_threads());
}

}  // namespace lathe::train
