// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Weights of one byte with a scale for each row, made numbers of for a product of matrices.
#include "nn/kernels/kernels.h"

namespace lathe::nn::kernels {

namespace {

LATHE_INLINE void int8ToBf16Body(const std::int8_t* in, Bf16* out, std::int64_t begin, std::int64_t end) {
    LATHE_IVDEP
    for (std::int64_t i = begin; i < end; ++i)  // a byte has fewer digits than a bfloat16: nothing is rounded
        out[i] = static_cast<Bf16>(std::bit_cast<std::uint32_t>(static_cast<float>(in[i])) >> 16);
}

LATHE_INLINE void scaleColumnsBody(const float* scale, std::int64_t columns, std::int64_t stride, std::int64_t rowBegin,
                                   std::int64_t rowEnd, Bf16* x) {
    for (std::int64_t row = rowBegin; row < rowEnd; ++row) {
        Bf16* r = x + row * stride;
        LATHE_IVDEP
        for (std::int64_t c = 0; c < columns; ++c)
            store(r + c, load(r + c) * scale[c]);
    }
}

}  // namespace

LATHE_MULTIVERSION((), int8ToBf16, (const std::int8_t* in, Bf16* out, std::int64_t begin, std::int64_t end),
                   (in, out, begin, end))
LATHE_MULTIVERSION((), scaleColumns,
                   (const float* scale, std::int64_t columns, std::int64_t stride, std::int64_t rowBegin,
                    std::int64_t rowEnd, Bf16* x),
                   (scale, columns, stride, rowBegin, rowEnd, x))

}  // namespace lathe::nn::kernels
