// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Sums over rows and columns: bias gradients, cross entropy, matrix times vector.
#include "nn/kernels/kernels.h"

namespace lathe::nn::kernels {

namespace {

template <class T>
LATHE_INLINE void addColumnSumsBody(const T* in, std::int64_t rows, std::int64_t stride, std::int64_t columnBegin,
                                    std::int64_t columnEnd, float* out) {
    for (std::int64_t row = 0; row < rows; ++row) {
        const T* r = in + row * stride;
        LATHE_IVDEP
        for (std::int64_t c = columnBegin; c < columnEnd; ++c)
            out[c] += load(r + c);
    }
}

template <class T>
LATHE_INLINE void crossEntropyBody(const T* logits, std::int64_t classes, const std::int64_t* targets,
                                   std::int64_t rowBegin, std::int64_t rowEnd, float* loss, float* logNormaliser) {
    for (std::int64_t row = rowBegin; row < rowEnd; ++row) {
        const T* x = logits + row * classes;
        float top = -HUGE_VALF;
        for (std::int64_t c = 0; c < classes; ++c) {
            const float value = load(x + c);
            top = value > top ? value : top;
        }
        float sum = 0;
        for (std::int64_t c = 0; c < classes; ++c)
            sum += fastExp(load(x + c) - top);
        logNormaliser[row] = top + std::log(sum);
        loss[row] = targets[row] < 0 ? 0.0f : logNormaliser[row] - load(x + targets[row]);
    }
}

template <class T>
LATHE_INLINE void crossEntropyBackwardBody(const T* logits, std::int64_t classes, const std::int64_t* targets,
                                           const float* logNormaliser, float scale, std::int64_t rowBegin,
                                           std::int64_t rowEnd, T* grad) {
    for (std::int64_t row = rowBegin; row < rowEnd; ++row) {
        const T* x = logits + row * classes;
        T* g = grad + row * classes;
        const bool ignored = targets[row] < 0;
        const float factor = ignored ? 0.0f : scale;
        const float offset = logNormaliser[row];
        const float atTarget = ignored ? 0.0f : load(x + targets[row]);
        LATHE_IVDEP
        for (std::int64_t c = 0; c < classes; ++c)
            store(g + c, factor * fastExp(load(x + c) - offset));
        if (!ignored)
            store(g + targets[row], scale * (fastExp(atTarget - offset) - 1.0f));
    }
}

template <class W>
LATHE_INLINE void gemvBody(const W* weight, const float* x, const float* bias, std::int64_t columns,
                           std::int64_t rowBegin, std::int64_t rowEnd, float* out) {
    std::int64_t row = rowBegin;
    // four rows at a time share the reads of x and keep four streams of weights going
    for (; row + 4 <= rowEnd; row += 4) {
        const W* w0 = weight + row * columns;
        const W* w1 = w0 + columns;
        const W* w2 = w1 + columns;
        const W* w3 = w2 + columns;
        float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        for (std::int64_t c = 0; c < columns; ++c) {
            const float v = x[c];
            s0 += load(w0 + c) * v;
            s1 += load(w1 + c) * v;
            s2 += load(w2 + c) * v;
            s3 += load(w3 + c) * v;
        }
        out[row] = s0 + (bias ? bias[row] : 0.0f);
        out[row + 1] = s1 + (bias ? bias[row + 1] : 0.0f);
        out[row + 2] = s2 + (bias ? bias[row + 2] : 0.0f);
        out[row + 3] = s3 + (bias ? bias[row + 3] : 0.0f);
    }
    for (; row < rowEnd; ++row) {
        const W* w = weight + row * columns;
        float sum = 0;
        for (std::int64_t c = 0; c < columns; ++c)
            sum += load(w + c) * x[c];
        out[row] = sum + (bias ? bias[row] : 0.0f);
    }
}

}  // namespace

LATHE_MULTIVERSION((template <class T>), addColumnSums,
                   (const T* in, std::int64_t rows, std::int64_t stride, std::int64_t columnBegin,
                    std::int64_t columnEnd, float* out),
                   (in, rows, stride, columnBegin, columnEnd, out))
LATHE_MULTIVERSION((template <class T>), crossEntropy,
                   (const T* logits, std::int64_t classes, const std::int64_t* targets, std::int64_t rowBegin,
                    std::int64_t rowEnd, float* loss, float* logNormaliser),
                   (logits, classes, targets, rowBegin, rowEnd, loss, logNormaliser))
LATHE_MULTIVERSION((template <class T>), crossEntropyBackward,
                   (const T* logits, std::int64_t classes, const std::int64_t* targets, const float* logNormaliser,
                    float scale, std::int64_t rowBegin, std::int64_t rowEnd, T* grad),
                   (logits, classes, targets, logNormaliser, scale, rowBegin, rowEnd, grad))
LATHE_MULTIVERSION((template <class W>), gemv,
                   (const W* weight, const float* x, const float* bias, std::int64_t columns, std::int64_t rowBegin,
                    std::int64_t rowEnd, float* out),
                   (weight, x, bias, columns, rowBegin, rowEnd, out))

#define LATHE_INSTANTIATE(T)                                                                                       \
    template void addColumnSums<T>(const T*, std::int64_t, std::int64_t, std::int64_t, std::int64_t, float*);      \
    template void crossEntropy<T>(const T*, std::int64_t, const std::int64_t*, std::int64_t, std::int64_t, float*, \
                                  float*);                                                                         \
    template void crossEntropyBackward<T>(const T*, std::int64_t, const std::int64_t*, const float*, float,        \
                                          std::int64_t, std::int64_t, T*);                                         \
    template void gemv<T>(const T*, const float*, const float*, std::int64_t, std::int64_t, std::int64_t, float*);
LATHE_INSTANTIATE(float)
LATHE_INSTANTIATE(Bf16)

}  // namespace lathe::nn::kernels
