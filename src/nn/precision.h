// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Precision: in which number format the matrix products of the current thread run. Weights stay float32 masters.
// Thread: the setting is the calling thread's own.
#pragma once

namespace lathe::nn {

/// Bf16, Fp16: linear layers and attention compute in that type (sums in float32 inside the product); norms, softmax,
/// loss, the residual stream, gradients of weights and the optimizer stay float32. Fp16 is for CUDA, and its losses
/// want scaling, because small gradients become zero.
enum class Precision { Float32, Bf16, Fp16 };

Precision currentPrecision();

/// Sets the calling thread's precision for as long as it lives.
class PrecisionScope {
public:
    explicit PrecisionScope(Precision precision);
    ~PrecisionScope();
    PrecisionScope(const PrecisionScope&) = delete;
    PrecisionScope& operator=(const PrecisionScope&) = delete;

private:
    Precision m_before;
};

/// Whether this machine multiplies bfloat16 faster than float32 (AVX512-BF16 or AMX): what "auto" goes by.
bool isBf16Fast();

}  // namespace lathe::nn
