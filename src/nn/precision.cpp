// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The thread's precision.
#include "nn/precision.h"

namespace lathe::nn {

namespace {

thread_local Precision t_precision = Precision::Float32;

}  // namespace

Precision currentPrecision() {
    return t_precision;
}

PrecisionScope::PrecisionScope(Precision precision) : m_before(t_precision) {
    t_precision = precision;
}

PrecisionScope::~PrecisionScope() {
    t_precision = m_before;
}

bool isBf16Fast() {
#if defined(__x86_64__) && defined(__GNUC__)
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512bf16");
#else
    return false;
#endif
}

}  // namespace lathe::nn
