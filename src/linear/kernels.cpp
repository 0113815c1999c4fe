// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "linear/kernels.h"

#include <bit>
#include <cmath>

namespace lathe::linear {
namespace {

#define LATHE_INLINE [[gnu::always_inline]] inline

// exp(x) for x <= 0, relative error below 2e-7: exp(x) = 2^k * exp(r), |r| <= ln 2 / 2, with the polynomial of Cephes.
LATHE_INLINE float expNegative(float x) {
    x = x < -87.0f ? -87.0f : x;
    const float k = std::floor(x * 1.44269504f + 0.5f);
    const float r = (x - k * 0.693359375f) + k * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    return p * std::bit_cast<float>((static_cast<std::int32_t>(k) + 127) << 23);
}

constexpr std::size_t kPrefetchAhead = 6;
constexpr std::size_t kFloatsPerLine = 16;

LATHE_INLINE void scoreBody(const Feature* features, std::size_t count, const float* weights, std::size_t stride,
                            float* scores) {
    for (std::size_t f = 0; f < count; ++f) {
        if (f + kPrefetchAhead < count) {
            const float* next = weights + std::size_t(features[f + kPrefetchAhead].row) * stride;
            for (std::size_t i = 0; i < stride; i += kFloatsPerLine)
                __builtin_prefetch(next + i);
        }
        const float* row = weights + std::size_t(features[f].row) * stride;
        const float value = features[f].value;
#pragma omp simd
        for (std::size_t i = 0; i < stride; ++i)
            scores[i] += value * row[i];
    }
}

LATHE_INLINE void updateBody(const Feature* features, std::size_t count, float* weights, std::size_t stride,
                             const float* delta) {
    for (std::size_t f = 0; f < count; ++f) {
        if (f + kPrefetchAhead < count) {
            const float* next = weights + std::size_t(features[f + kPrefetchAhead].row) * stride;
            for (std::size_t i = 0; i < stride; i += kFloatsPerLine)
                __builtin_prefetch(next + i, 1);
        }
        float* row = weights + std::size_t(features[f].row) * stride;
        const float value = features[f].value;
#pragma omp simd
        for (std::size_t i = 0; i < stride; ++i)
            row[i] += value * delta[i];
    }
}

LATHE_INLINE float softmaxBody(float* scores, std::size_t labels, std::size_t stride) {
    float highest = scores[0];
#pragma omp simd reduction(max : highest)
    for (std::size_t i = 0; i < labels; ++i)
        highest = scores[i] > highest ? scores[i] : highest;
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (std::size_t i = 0; i < labels; ++i) {
        const float e = expNegative(scores[i] - highest);
        scores[i] = e;
        sum += e;
    }
    const float scale = 1.0f / sum;
#pragma omp simd
    for (std::size_t i = 0; i < labels; ++i)
        scores[i] *= scale;
    for (std::size_t i = labels; i < stride; ++i)
        scores[i] = 0;
    return highest + std::log(sum);
}

// The same three loops for an instruction set: always_inline bodies are compiled with the target of their caller.
#define LATHE_KERNELS(suffix, target)                                                                           \
    target void score##suffix(const Feature* f, std::size_t n, const float* w, std::size_t stride, float* s) {  \
        scoreBody(f, n, w, stride, s);                                                                          \
    }                                                                                                           \
    target void update##suffix(const Feature* f, std::size_t n, float* w, std::size_t stride, const float* d) { \
        updateBody(f, n, w, stride, d);                                                                         \
    }                                                                                                           \
    target float softmax##suffix(float* s, std::size_t labels, std::size_t stride) {                            \
        return softmaxBody(s, labels, stride);                                                                  \
    }

LATHE_KERNELS(Base, )
#if defined(__x86_64__)
LATHE_KERNELS(Avx2, [[gnu::target("avx2,fma")]])
LATHE_KERNELS(Avx512, [[gnu::target("avx512f,avx512dq,avx512vl,avx2,fma")]])
#endif

Kernels chooseKernels() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return {"avx512", scoreAvx512, updateAvx512, softmaxAvx512};
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return {"avx2", scoreAvx2, updateAvx2, softmaxAvx2};
#endif
    return {"base", scoreBase, updateBase, softmaxBase};
}

}  // namespace

const Kernels& kernels() {
    static const Kernels chosen = chooseKernels();
    return chosen;
}

}  // namespace lathe::linear
