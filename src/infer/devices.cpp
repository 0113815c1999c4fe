// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Threads and devices: what this machine computes with.
#include <ATen/Config.h>
#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <fmt/format.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <algorithm>
#include <charconv>
#include <thread>

#include "core/log.h"
#include "core/program.h"
#include "infer/detail/patient_waiting.h"
#include "infer/text_model.h"

namespace lathe::infer {

namespace {

std::string instructionSets(const std::string& flags) {
    std::string found;
    const std::string padded = " " + flags + " ";
    for (const auto& [flag, name] : {std::pair{"avx2", "AVX2"},
                                     {"avx512f", "AVX-512"},
                                     {"avx512_bf16", "AVX-512 BF16"},
                                     {"amx_bf16", "AMX BF16"},
                                     {"amx_int8", "AMX INT8"},
                                     {"asimd", "NEON"}})
        if (padded.find(fmt::format(" {} ", flag)) != std::string::npos)
            found += (found.empty() ? "" : ", ") + std::string(name);
    return found;
}

template <class F>
F* loaded(const char* name) {
    return reinterpret_cast<F*>(::dlsym(RTLD_DEFAULT, name));
}

/// OpenBLAS says itself what it is; for another BLAS only the name of its file is known.
std::string blasName() {
    if (auto* config = loaded<char*()>("openblas_get_config")) {
        std::string text = config();
        return text.substr(0, text.find("MAX_THREADS"));
    }
    Dl_info info{};
    if (void* gemm = ::dlsym(RTLD_DEFAULT, "sgemm_"); gemm && ::dladdr(gemm, &info) && info.dli_fname)
        return std::filesystem::path(info.dli_fname).filename().string() + " (slow unless it is an optimised BLAS)";
    return "built in";
}

std::uint64_t totalMemory() {
    const std::string value = systemField(readSystemFile("/proc/meminfo"), "MemTotal");
    std::uint64_t kibibytes = 0;
    std::from_chars(value.data(), value.data() + value.size(), kibibytes);
    return kibibytes * 1024;
}

}  // namespace

void setComputeThreads(int threads) {
    const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    const int count = threads > 0 ? std::min(threads, 1024) : cores;
    if (at::get_num_threads() != count)
        at::set_num_threads(count);
    // OpenBLAS built with a pool of its own does not listen to OpenMP
    if (auto* set = loaded<void(int)>("openblas_set_num_threads"))
        set(count);
    waitPatiently(cores);
    static const bool once = [] {
        try {
            at::set_num_interop_threads(1);
        } catch (const std::exception&) {
            // work was already given to the pool: it keeps its size
        }
        return true;
    }();
    (void)once;
    logDebug("compute", "{} threads for torch and BLAS", count);
}

std::vector<DeviceInfo> listDevices() {
    const std::string text = readSystemFile("/proc/cpuinfo");
    std::string flags = systemField(text, "flags");
    if (flags.empty())
        flags = systemField(text, "Features");
    std::string name = systemField(text, "model name");
    DeviceInfo host;
    host.id = "cpu";
    host.name = fmt::format("{}, {} threads", name.empty() ? "CPU" : name, std::thread::hardware_concurrency());
    host.memoryBytes = totalMemory();
    host.detail = fmt::format("{}; BLAS: {}; libtorch {}{}", instructionSets(flags), blasName(), TORCH_VERSION,
                              at::hasMKLDNN() ? " with oneDNN" : "");
    std::vector<DeviceInfo> devices = {host};
    const auto count = static_cast<int>(torch::cuda::device_count());
    for (int i = 0; i < count; ++i) {
        DeviceInfo device;
        device.id = fmt::format("cuda:{}", i);
        device.name = fmt::format("CUDA device {}", i);
        device.detail = fmt::format("libtorch {}", TORCH_VERSION);
        devices.push_back(std::move(device));
    }
    return devices;
}

}  // namespace lathe::infer
