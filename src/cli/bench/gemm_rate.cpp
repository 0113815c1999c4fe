// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/bench/gemm_rate.h"

#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "nn/torch_guard.h"

namespace lathe::cli {
namespace {

double rateOf(torch::ScalarType type, int size, int repetitions) {
    const auto a = torch::randn({size, size}).to(type);
    const auto b = torch::randn({size, size}).to(type);
    auto c = torch::mm(a, b);  // the first call chooses and compiles the kernel
    std::vector<double> seconds;
    for (int i = 0; i < repetitions; ++i) {
        const auto start = std::chrono::steady_clock::now();
        torch::mm_out(c, a, b);
        seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    std::ranges::nth_element(seconds, seconds.begin() + repetitions / 2);
    return 2.0 * size * size * size / seconds[static_cast<std::size_t>(repetitions) / 2];
}

}  // namespace

Result<GemmRate> measureGemmRate(int size, int repetitions) {
    return nn::guardTorch("matrix multiplication", [&] {
        const torch::NoGradGuard noGrad;
        return GemmRate{rateOf(torch::kFloat32, size, repetitions), rateOf(torch::kBFloat16, size, repetitions)};
    });
}

}  // namespace lathe::cli
