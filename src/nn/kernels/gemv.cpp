// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Matrix times vector, bound by how fast the matrix comes from memory.
#include "nn/kernels/kernels.h"

namespace lathe::nn::kernels {

namespace {

/// Two bfloat16 neighbours as they lie in memory: the first in the lower half.
using Pair = std::uint32_t __attribute__((may_alias));

LATHE_INLINE float first(Pair pair) {
    return std::bit_cast<float>(pair << 16);
}
LATHE_INLINE float second(Pair pair) {
    return std::bit_cast<float>(pair & 0xFFFF0000u);
}

/// R rows at a time share the reads of x and keep R streams of weights going.
template <int R>
LATHE_INLINE void rowsTimesVector(const float* weight, const float* x, std::int64_t columns, float* out) {
    float sums[R] = {};
    for (std::int64_t c = 0; c < columns; ++c)
        for (int r = 0; r < R; ++r)
            sums[r] += weight[r * columns + c] * x[c];
    for (int r = 0; r < R; ++r)
        out[r] = sums[r];
}

template <int R>
LATHE_INLINE void rowsTimesVector(const Bf16* weight, const float* x, std::int64_t columns, float* out) {
    const std::int64_t pairs = columns / 2;
    const float* even = x;
    const float* odd = x + pairs;
    float sums[R] = {}, more[R] = {};
    for (std::int64_t c = 0; c < pairs; ++c)
        for (int r = 0; r < R; ++r) {
            const Pair pair = reinterpret_cast<const Pair*>(weight + r * columns)[c];
            sums[r] += first(pair) * even[c];
            more[r] += second(pair) * odd[c];
        }
    for (int r = 0; r < R; ++r)
        out[r] = sums[r] + more[r];
}

template <class W>
LATHE_INLINE void gemvBody(const W* weight, const float* arranged, std::int64_t columns, std::int64_t rowBegin,
                           std::int64_t rowEnd, float* out) {
    std::int64_t row = rowBegin;
    for (; row + 4 <= rowEnd; row += 4)
        rowsTimesVector<4>(weight + row * columns, arranged, columns, out + row);
    for (; row < rowEnd; ++row)
        rowsTimesVector<1>(weight + row * columns, arranged, columns, out + row);
}

}  // namespace

LATHE_MULTIVERSION((template <class W>), gemv,
                   (const W* weight, const float* arranged, std::int64_t columns, std::int64_t rowBegin,
                    std::int64_t rowEnd, float* out),
                   (weight, arranged, columns, rowBegin, rowEnd, out))

template <>
void arrangeVector<float>(const float* x, std::int64_t columns, float* out) {
    for (std::int64_t c = 0; c < columns; ++c)
        out[c] = x[c];
}

template <>
void arrangeVector<Bf16>(const float* x, std::int64_t columns, float* out) {
    const std::int64_t pairs = columns / 2;
    for (std::int64_t c = 0; c < pairs; ++c) {
        out[c] = x[2 * c];
        out[pairs + c] = x[2 * c + 1];
    }
}

template void gemv<float>(const float*, const float*, std::int64_t, std::int64_t, std::int64_t, float*);
template void gemv<Bf16>(const Bf16*, const float*, std::int64_t, std::int64_t, std::int64_t, float*);

}  // namespace lathe::nn::kernels
