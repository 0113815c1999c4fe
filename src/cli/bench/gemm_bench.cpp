// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// lathe-cli bench gemm
#include <algorithm>

#include "cli/bench.h"
#include "cli/bench/gemm_rate.h"

namespace lathe::cli {

BenchEntry gemmBench() {
    return {.id = "gemm",
            .summary = "matrix multiplication, 2048 x 2048",
            .run = [](const BenchOptions& options, Console&) -> Result<Json> {
                const int repetitions =
                    options.count > 0 ? static_cast<int>(std::min<std::int64_t>(options.count, 1000)) : 7;
                LATHE_TRY(const auto rate, measureGemmRate(2048, repetitions));
                return Json{{"size", 2048},
                            {"float32_gflops", rate.float32 / 1e9},
                            {"bfloat16_gflops", rate.bfloat16 / 1e9},
                            {"text", fmt::format("GEMM 2048^3: float32 {:.0f} GFLOP/s, bfloat16 {:.0f} GFLOP/s\n",
                                                 rate.float32 / 1e9, rate.bfloat16 / 1e9)}};
            }};
}

}  // namespace lathe::cli
