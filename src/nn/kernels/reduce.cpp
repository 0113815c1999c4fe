// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Sums over rows and columns: bias gradients, cross entropy.
#include <type_traits>

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

/// A maximum and a sum of exponentials in as many lanes as a register has: gcc turns neither into vectors by itself.
constexpr int kLanes = 16;

template <class T>
LATHE_INLINE float largest(const T* x, std::int64_t n) {
    float tops[kLanes];
    for (int lane = 0; lane < kLanes; ++lane)
        tops[lane] = -HUGE_VALF;
    std::int64_t c = 0;
    for (; c + kLanes <= n; c += kLanes)
        for (int lane = 0; lane < kLanes; ++lane) {
            const float value = load(x + c + lane);
            tops[lane] = value > tops[lane] ? value : tops[lane];
        }
    float top = -HUGE_VALF;
    for (; c < n; ++c)
        top = load(x + c) > top ? load(x + c) : top;
    for (int lane = 0; lane < kLanes; ++lane)
        top = tops[lane] > top ? tops[lane] : top;
    return top;
}

/// Sum of e^(x - top), a block at a time: an exponential added where it is made would be jumped over when it is 0.
template <class T>
LATHE_INLINE float sumOfExponentials(const T* x, std::int64_t n, float top) {
    float sum = 0;
    if constexpr (std::is_same_v<T, float>) {  // added up in order, which the golden curves in float32 hang on
        for (std::int64_t c = 0; c < n; ++c)
            sum += fastExp(x[c] - top);
        return sum;
    }
    constexpr std::int64_t kBlock = 256;
    float block[kBlock];
    for (std::int64_t begin = 0; begin < n; begin += kBlock) {
        const std::int64_t count = n - begin < kBlock ? n - begin : kBlock;
        for (std::int64_t c = 0; c < count; ++c)
            block[c] = fastExp(load(x + begin + c) - top);
        for (std::int64_t c = 0; c < count; ++c)
            sum += block[c];
    }
    return sum;
}

template <class T>
LATHE_INLINE void largestPlacesBody(const T* in, std::int64_t columns, std::int64_t rowBegin, std::int64_t rowEnd,
                                    std::int64_t* places) {
    constexpr std::int64_t kBlock = 256;
    for (std::int64_t row = rowBegin; row < rowEnd; ++row) {
        const T* x = in + row * columns;
        const float top = largest(x, columns);
        std::int64_t place = 0;
        for (std::int64_t begin = 0; begin < columns; begin += kBlock) {
            const std::int64_t end = columns - begin < kBlock ? columns : begin + kBlock;
            int found = 0;
            for (std::int64_t c = begin; c < end; ++c)
                found |= load(x + c) == top;
            if (!found)
                continue;
            place = begin;
            while (load(x + place) != top)
                ++place;
            break;
        }
        places[row] = place;
    }
}

template <class T>
LATHE_INLINE void crossEntropyBody(const T* logits, std::int64_t classes, const std::int64_t* targets,
                                   std::int64_t rowBegin, std::int64_t rowEnd, float* loss, float* logNormaliser) {
    for (std::int64_t row = rowBegin; row < rowEnd; ++row) {
        const T* x = logits + row * classes;
        const float top = largest(x, classes), sum = sumOfExponentials(x, classes, top);
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
LATHE_MULTIVERSION((template <class T>), largestPlaces,
                   (const T* in, std::int64_t columns, std::int64_t rowBegin, std::int64_t rowEnd,
                    std::int64_t* places),
                   (in, columns, rowBegin, rowEnd, places))
LATHE_MULTIVERSION((template <class T>), crossEntropyBackward,
                   (const T* logits, std::int64_t classes, const std::int64_t* targets, const float* logNormaliser,
                    float scale, std::int64_t rowBegin, std::int64_t rowEnd, T* grad),
                   (logits, classes, targets, logNormaliser, scale, rowBegin, rowEnd, grad))
#define LATHE_INSTANTIATE(T)                                                                                       \
    template void largestPlaces<T>(const T*, std::int64_t, std::int64_t, std::int64_t, std::int64_t*);             \
    template void addColumnSums<T>(const T*, std::int64_t, std::int64_t, std::int64_t, std::int64_t, float*);      \
    template void crossEntropy<T>(const T*, std::int64_t, const std::int64_t*, std::int64_t, std::int64_t, float*, \
                                  float*);                                                                         \
    template void crossEntropyBackward<T>(const T*, std::int64_t, const std::int64_t*, const float*, float,        \
                                          std::int64_t, std::int64_t, T*);
LATHE_INSTANTIATE(float)
LATHE_INSTANTIATE(Bf16)

}  // namespace lathe::nn::kernels
