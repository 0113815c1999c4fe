// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// One token through a decoder layer: vectors instead of matrices.
#include "nn/kernels/kernels.h"

namespace lathe::nn::kernels {

namespace {

template <class W>
LATHE_INLINE void rmsNormVectorBody(const float* x, const W* gamma, float plus, std::int64_t n, float epsilon,
                                    float* out) {
    float squares = 0;
    for (std::int64_t c = 0; c < n; ++c)
        squares += x[c] * x[c];
    const float inverse = 1.0f / std::sqrt(squares / static_cast<float>(n) + epsilon);
    for (std::int64_t c = 0; c < n; ++c)
        out[c] = x[c] * inverse * (plus + load(gamma + c));
}

LATHE_INLINE void swigluVectorBody(const float* gate, const float* up, std::int64_t n, float* out) {
    LATHE_IVDEP
    for (std::int64_t c = 0; c < n; ++c)
        out[c] = gate[c] / (1.0f + fastExp(-gate[c])) * up[c];
}

LATHE_INLINE void gegluVectorBody(const float* gate, const float* up, std::int64_t n, float* out) {
    constexpr float kRootTwoOverPi = 0.7978845608f;
    LATHE_IVDEP
    for (std::int64_t c = 0; c < n; ++c) {
        const float g = gate[c];
        out[c] = 0.5f * g * (1.0f + fastTanh(kRootTwoOverPi * (g + 0.044715f * g * g * g))) * up[c];
    }
}

LATHE_INLINE void softcapVectorBody(float* x, std::int64_t n, float c) {
    const float inverse = 1.0f / c;
    for (std::int64_t i = 0; i < n; ++i)
        x[i] = c * fastTanh(x[i] * inverse);
}

template <class W>
LATHE_INLINE void attendVectorBody(const float* q, const W* keys, const W* values, std::int64_t positions,
                                   std::int64_t dimension, float scale, float softcap, float* scores, float* out) {
    for (std::int64_t s = 0; s < positions; ++s) {
        const W* k = keys + s * dimension;
        float sum = 0;
        for (std::int64_t d = 0; d < dimension; ++d)
            sum += q[d] * load(k + d);
        scores[s] = sum * scale;
    }
    if (softcap > 0)
        softcapVectorBody(scores, positions, softcap);
    float top = -HUGE_VALF;
    for (std::int64_t s = 0; s < positions; ++s)
        top = scores[s] > top ? scores[s] : top;
    float total = 0;
    for (std::int64_t s = 0; s < positions; ++s) {
        scores[s] = fastExp(scores[s] - top);
        total += scores[s];
    }
    for (std::int64_t d = 0; d < dimension; ++d)
        out[d] = 0;
    const float inverse = 1.0f / total;
    for (std::int64_t s = 0; s < positions; ++s) {
        const W* v = values + s * dimension;
        const float weight = scores[s] * inverse;
        LATHE_IVDEP
        for (std::int64_t d = 0; d < dimension; ++d)
            out[d] += weight * load(v + d);
    }
}

template <class W>
LATHE_INLINE void rotateIntoBody(const float* in, const float* cosines, const float* sines, std::int64_t half, W* out) {
    LATHE_IVDEP
    for (std::int64_t d = 0; d < half; ++d) {
        const float first = in[d], second = in[half + d];
        store(out + d, first * cosines[d] - second * sines[d]);
        store(out + half + d, second * cosines[d] + first * sines[d]);
    }
}

}  // namespace

LATHE_MULTIVERSION((template <class W>), rmsNormVector,
                   (const float* x, const W* gamma, float plus, std::int64_t n, float epsilon, float* out),
                   (x, gamma, plus, n, epsilon, out))
LATHE_MULTIVERSION((), swigluVector, (const float* gate, const float* up, std::int64_t n, float* out),
                   (gate, up, n, out))
LATHE_MULTIVERSION((), gegluVector, (const float* gate, const float* up, std::int64_t n, float* out),
                   (gate, up, n, out))
LATHE_MULTIVERSION((), softcapVector, (float* x, std::int64_t n, float c), (x, n, c))
LATHE_MULTIVERSION((template <class W>), attendVector,
                   (const float* q, const W* keys, const W* values, std::int64_t positions, std::int64_t dimension,
                    float scale, float softcap, float* scores, float* out),
                   (q, keys, values, positions, dimension, scale, softcap, scores, out))
LATHE_MULTIVERSION((template <class W>), rotateInto,
                   (const float* in, const float* cosines, const float* sines, std::int64_t half, W* out),
                   (in, cosines, sines, half, out))

#define LATHE_INSTANTIATE(W)                                                                                          \
    template void rmsNormVector<W>(const float*, const W*, float, std::int64_t, float, float*);                       \
    template void attendVector<W>(const float*, const W*, const W*, std::int64_t, std::int64_t, float, float, float*, \
                                  float*);                                                                            \
    template void rotateInto<W>(const float*, const float*, const float*, std::int64_t, W*);
LATHE_INSTANTIATE(float)
LATHE_INSTANTIATE(Bf16)

}  // namespace lathe::nn::kernels
