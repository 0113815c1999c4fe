// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Sums over rows and columns: bias gradients, cross entropy.
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
#define LATHE_INSTANTIATE(T)                                                                                       \
    template void addColumnSums<T>(const T*, std::int64_t, std::int64_t, std::int64_t, std::int64_t, float*);      \
    template void crossEntropy<T>(const T*, std::int64_t, const std::int64_t*, std::int64_t, std::int64_t, float*, \
                                  float*);                                                                         \
    template void crossEntropyBackward<T>(const T*, std::int64_t, const std::int64_t*, const float*, float,        \
                                          std::int64_t, std::int64_t, T*);
LATHE_INSTANTIATE(float)
LATHE_INSTANTIATE(Bf16)

}  // namespace lathe::nn::kernels
