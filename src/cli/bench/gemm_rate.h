// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How fast this machine multiplies matrices now: what every other speed is a share of.
#pragma once

#include "core/result.h"

namespace lathe::cli {

struct GemmRate {
    double float32 = 0;   ///< FLOP/s
    double bfloat16 = 0;  ///< FLOP/s
};

/// Square matrices of \p size on the CPU, with the calling thread's torch threads; the median of some repetitions.
Result<GemmRate> measureGemmRate(int size = 2048, int repetitions = 7);

}  // namespace lathe::cli
