// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "nn/kernels/optimizer_steps.h"

#include "nn/kernels/simd.h"

namespace lathe::nn::kernels {

namespace {

LATHE_INLINE void sgdBody(const SgdStep& step, float* parameter, const float* grad, float* buffer, std::int64_t begin,
                          std::int64_t end) {
    const float rate = step.rate, momentum = step.momentum, decay = step.decay, scale = step.gradScale;
    if (momentum == 0) {
        LATHE_IVDEP
        for (std::int64_t i = begin; i < end; ++i)
            parameter[i] -= rate * (grad[i] * scale + decay * parameter[i]);
        return;
    }
    const float ahead = step.nesterov ? momentum : 1.0f, now = step.nesterov ? 1.0f : 0.0f;
    LATHE_IVDEP
    for (std::int64_t i = begin; i < end; ++i) {
        const float g = grad[i] * scale + decay * parameter[i];
        const float b = momentum * buffer[i] + g;
        buffer[i] = b;
        parameter[i] -= rate * (now * g + ahead * b);
    }
}

LATHE_INLINE void lionBody(const LionStep& step, float* parameter, const float* grad, float* m, std::int64_t begin,
                           std::int64_t end) {
    const float rate = step.rate, beta1 = step.beta1, beta2 = step.beta2, scale = step.gradScale, decay = step.decay;
    LATHE_IVDEP
    for (std::int64_t i = begin; i < end; ++i) {
        const float g = grad[i] * scale;
        const float direction = beta1 * m[i] + (1.0f - beta1) * g;
        const float sign = direction > 0 ? 1.0f : direction < 0 ? -1.0f : 0.0f;
        m[i] = beta2 * m[i] + (1.0f - beta2) * g;
        parameter[i] = parameter[i] * decay - rate * sign;
    }
}

LATHE_INLINE void adafactorStatisticsBody(const float* grad, float gradScale, float epsilon, std::int64_t columns,
                                          std::int64_t rowBegin, std::int64_t rowEnd, float* rowMeans,
                                          float* columnSums) {
    for (std::int64_t row = rowBegin; row < rowEnd; ++row) {
        const float* g = grad + row * columns;
        float sum = 0;
        for (std::int64_t c = 0; c < columns; ++c) {
            const float value = g[c] * gradScale;
            const float square = value * value + epsilon;
            sum += square;
            columnSums[c] += square;
        }
        rowMeans[row] = sum / static_cast<float>(columns);
    }
}

LATHE_INLINE void adafactorSquaresIntoBody(const float* grad, float gradScale, std::int64_t columns,
                                           std::int64_t rowBegin, std::int64_t rowEnd, const float* rowFactors,
                                           const float* columnFactors, double* out) {
    double total = 0;
    for (std::int64_t row = rowBegin; row < rowEnd; ++row) {
        const float* g = grad + row * columns;
        const float factor = rowFactors[row] * gradScale;
        float sum = 0;
        for (std::int64_t c = 0; c < columns; ++c) {
            const float update = factor * columnFactors[c] * g[c];
            sum += update * update;
        }
        total += static_cast<double>(sum);
    }
    *out = total;
}

LATHE_INLINE void adafactorBody(const AdafactorStep& step, float* parameter, const float* grad, float* m,
                                std::int64_t columns, std::int64_t rowBegin, std::int64_t rowEnd,
                                const float* rowFactors, const float* columnFactors) {
    const float decay = step.decay, keep = step.beta1, add = 1.0f - step.beta1;
    for (std::int64_t row = rowBegin; row < rowEnd; ++row) {
        const float* g = grad + row * columns;
        float* p = parameter + row * columns;
        const float factor = rowFactors[row] * step.gradScale * step.rate;
        if (!m) {
            LATHE_IVDEP
            for (std::int64_t c = 0; c < columns; ++c)
                p[c] = p[c] * decay - factor * columnFactors[c] * g[c];
            continue;
        }
        float* mean = m + row * columns;
        LATHE_IVDEP
        for (std::int64_t c = 0; c < columns; ++c) {
            mean[c] = keep * mean[c] + add * (factor * columnFactors[c] * g[c]);
            p[c] = p[c] * decay - mean[c];
        }
    }
}

}  // namespace

LATHE_MULTIVERSION((), sgd,
                   (const SgdStep& step, float* parameter, const float* grad, float* buffer, std::int64_t begin,
                    std::int64_t end),
                   (step, parameter, grad, buffer, begin, end))
LATHE_MULTIVERSION((), lion,
                   (const LionStep& step, float* parameter, const float* grad, float* m, std::int64_t begin,
                    std::int64_t end),
                   (step, parameter, grad, m, begin, end))
LATHE_MULTIVERSION((), adafactorStatistics,
                   (const float* grad, float gradScale, float epsilon, std::int64_t columns, std::int64_t rowBegin,
                    std::int64_t rowEnd, float* rowMeans, float* columnSums),
                   (grad, gradScale, epsilon, columns, rowBegin, rowEnd, rowMeans, columnSums))
LATHE_MULTIVERSION((), adafactorSquaresInto,
                   (const float* grad, float gradScale, std::int64_t columns, std::int64_t rowBegin,
                    std::int64_t rowEnd, const float* rowFactors, const float* columnFactors, double* out),
                   (grad, gradScale, columns, rowBegin, rowEnd, rowFactors, columnFactors, out))
LATHE_MULTIVERSION((), adafactor,
                   (const AdafactorStep& step, float* parameter, const float* grad, float* m, std::int64_t columns,
                    std::int64_t rowBegin, std::int64_t rowEnd, const float* rowFactors, const float* columnFactors),
                   (step, parameter, grad, m, columns, rowBegin, rowEnd, rowFactors, columnFactors))

double adafactorSquares(const float* grad, float gradScale, std::int64_t columns, std::int64_t rowBegin,
                        std::int64_t rowEnd, const float* rowFactors, const float* columnFactors) {
    double total = 0;
    adafactorSquaresInto(grad, gradScale, columns, rowBegin, rowEnd, rowFactors, columnFactors, &total);
    return total;
}

}  // namespace lathe::nn::kernels
