// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Residual + dropout + layer norm or RMS norm in one pass over memory, forward and backward.
// \source Ba et al. arXiv:1607.06450, Zhang and Sennrich arXiv:1910.07467
#include "nn/kernels/hash.h"
#include "nn/kernels/kernels.h"

namespace lathe::nn::kernels {

namespace {

/// z = residual + dropout(x) of one row; \p base is the row's first element index.
template <class T>
LATHE_INLINE void addRow(std::int64_t n, std::int64_t base, bool drops, const Keep& keep, const T* x,
                         const float* residual, float* z) {
    if (drops && residual) {
        LATHE_IVDEP
        for (std::int64_t c = 0; c < n; ++c)
            z[c] = residual[c] + load(x + c) * keep.factor(base + c);
    } else if (drops) {
        LATHE_IVDEP
        for (std::int64_t c = 0; c < n; ++c)
            z[c] = load(x + c) * keep.factor(base + c);
    } else if (residual) {
        LATHE_IVDEP
        for (std::int64_t c = 0; c < n; ++c)
            z[c] = residual[c] + load(x + c);
    } else {
        LATHE_IVDEP
        for (std::int64_t c = 0; c < n; ++c)
            z[c] = load(x + c);
    }
}

template <class T, class U>
LATHE_INLINE void normForwardBody(const NormShape& shape, Dropout drop, std::int64_t rowBegin, std::int64_t rowEnd,
                                  const T* x, const float* residual, const float* gamma, const float* beta, float* z,
                                  U* y, float* mean, float* rstd) {
    const std::int64_t n = shape.channels;
    const Keep keep(drop);
    for (std::int64_t row = rowBegin; row < rowEnd; ++row) {
        const std::int64_t base = row * n;
        float* zr = z + base;
        U* yr = y + base;
        addRow(n, base, drop.isOn(), keep, x + base, residual ? residual + base : nullptr, zr);
        float average = 0;
        if (!shape.rms) {
            float sum = 0;
            for (std::int64_t c = 0; c < n; ++c)
                sum += zr[c];
            average = sum / static_cast<float>(n);
            mean[row] = average;
        }
        float squares = 0;
        for (std::int64_t c = 0; c < n; ++c) {
            const float d = zr[c] - average;
            squares += d * d;
        }
        const float inverse = 1.0f / std::sqrt(squares / static_cast<float>(n) + shape.epsilon);
        rstd[row] = inverse;
        if (beta) {
            LATHE_IVDEP
            for (std::int64_t c = 0; c < n; ++c)
                store(yr + c, (zr[c] - average) * inverse * gamma[c] + beta[c]);
        } else {
            LATHE_IVDEP
            for (std::int64_t c = 0; c < n; ++c)
                store(yr + c, (zr[c] - average) * inverse * gamma[c]);
        }
    }
}

template <class T, class U>
LATHE_INLINE void normBackwardBody(const NormShape& shape, Dropout drop, std::int64_t rowBegin, std::int64_t rowEnd,
                                   const U* gradY, const float* gradZ, const float* z, const float* gamma,
                                   const float* mean, const float* rstd, float* gradResidual, T* gradX,
                                   float* gradGamma, float* gradBeta) {
    const std::int64_t n = shape.channels;
    const Keep keep(drop);
    for (std::int64_t row = rowBegin; row < rowEnd; ++row) {
        const std::int64_t base = row * n;
        const U* gy = gradY + base;
        const float* zr = z + base;
        float* dz = gradResidual + base;
        const float average = shape.rms ? 0.0f : mean[row];
        const float inverse = rstd[row];
        float sumG = 0, sumGx = 0;
        LATHE_IVDEP
        for (std::int64_t c = 0; c < n; ++c) {
            const float g = load(gy + c);
            const float hat = (zr[c] - average) * inverse;
            gradGamma[c] += g * hat;
            sumG += g * gamma[c];
            sumGx += g * gamma[c] * hat;
        }
        if (gradBeta) {
            LATHE_IVDEP
            for (std::int64_t c = 0; c < n; ++c)
                gradBeta[c] += load(gy + c);
        }
        const float meanG = shape.rms ? 0.0f : sumG / static_cast<float>(n);
        const float meanGx = sumGx / static_cast<float>(n);
        const float* extra = gradZ ? gradZ + base : nullptr;
        if (extra) {
            LATHE_IVDEP
            for (std::int64_t c = 0; c < n; ++c)
                dz[c] = inverse * (load(gy + c) * gamma[c] - meanG - (zr[c] - average) * inverse * meanGx) + extra[c];
        } else {
            LATHE_IVDEP
            for (std::int64_t c = 0; c < n; ++c)
                dz[c] = inverse * (load(gy + c) * gamma[c] - meanG - (zr[c] - average) * inverse * meanGx);
        }
        if (!gradX)
            continue;
        T* dx = gradX + base;
        if (drop.isOn()) {
            LATHE_IVDEP
            for (std::int64_t c = 0; c < n; ++c)
                store(dx + c, dz[c] * keep.factor(base + c));
        } else {
            LATHE_IVDEP
            for (std::int64_t c = 0; c < n; ++c)
                store(dx + c, dz[c]);
        }
    }
}

}  // namespace

LATHE_MULTIVERSION((template <class T, class U>), normForward,
                   (const NormShape& shape, Dropout drop, std::int64_t rowBegin, std::int64_t rowEnd, const T* x,
                    const float* residual, const float* gamma, const float* beta, float* z, U* y, float* mean,
                    float* rstd),
                   (shape, drop, rowBegin, rowEnd, x, residual, gamma, beta, z, y, mean, rstd))
LATHE_MULTIVERSION((template <class T, class U>), normBackward,
                   (const NormShape& shape, Dropout drop, std::int64_t rowBegin, std::int64_t rowEnd, const U* gradY,
                    const float* gradZ, const float* z, const float* gamma, const float* mean, const float* rstd,
                    float* gradResidual, T* gradX, float* gradGamma, float* gradBeta),
                   (shape, drop, rowBegin, rowEnd, gradY, gradZ, z, gamma, mean, rstd, gradResidual, gradX, gradGamma,
                    gradBeta))

#define LATHE_INSTANTIATE(T, U)                                                                                     \
    template void normForward<T, U>(const NormShape&, Dropout, std::int64_t, std::int64_t, const T*, const float*,  \
                                    const float*, const float*, float*, U*, float*, float*);                        \
    template void normBackward<T, U>(const NormShape&, Dropout, std::int64_t, std::int64_t, const U*, const float*, \
                                     const float*, const float*, const float*, const float*, float*, T*, float*,    \
                                     float*);
LATHE_INSTANTIATE(float, float)
LATHE_INSTANTIATE(float, Bf16)
LATHE_INSTANTIATE(Bf16, float)
LATHE_INSTANTIATE(Bf16, Bf16)

}  // namespace lathe::nn::kernels
