// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Dropout, activations, conversions and the optimizer step: one element in, one out.
#include "nn/kernels/hash.h"
#include "nn/kernels/kernels.h"

namespace lathe::nn::kernels {

namespace {

/// erf to 1.5e-7 absolute. \source Abramowitz and Stegun 7.1.26
LATHE_INLINE float fastErf(float x, float expMinusSquare) {
    const float a = std::fabs(x);
    const float t = 1.0f / (1.0f + 0.3275911f * a);
    const float p =
        ((((1.061405429f * t - 1.453152027f) * t + 1.421413741f) * t - 0.284496736f) * t + 0.254829592f) * t;
    return std::copysign(1.0f - p * expMinusSquare, x);
}

template <class T>
LATHE_INLINE void dropoutBody(const T* in, T* out, std::int64_t begin, std::int64_t end, Dropout drop) {
    const Keep keep(drop);
    LATHE_IVDEP
    for (std::int64_t i = begin; i < end; ++i)
        store(out + i, load(in + i) * keep.factor(i));
}

template <class T>
LATHE_INLINE void geluBody(const T* in, T* out, std::int64_t begin, std::int64_t end) {
    LATHE_IVDEP
    for (std::int64_t i = begin; i < end; ++i) {
        const float x = load(in + i);
        const float e = fastExp(-0.5f * x * x);
        store(out + i, 0.5f * x * (1.0f + fastErf(x * 0.70710678118654752f, e)));
    }
}

template <class T>
LATHE_INLINE void geluBackwardBody(const T* gradOut, const T* in, T* gradIn, std::int64_t begin, std::int64_t end) {
    LATHE_IVDEP
    for (std::int64_t i = begin; i < end; ++i) {
        const float x = load(in + i);
        const float e = fastExp(-0.5f * x * x);
        const float cdf = 0.5f * (1.0f + fastErf(x * 0.70710678118654752f, e));
        store(gradIn + i, load(gradOut + i) * (cdf + x * 0.39894228040143268f * e));
    }
}

template <class T>
LATHE_INLINE void swigluBody(const T* gate, const T* up, std::int64_t strideIn, T* out, std::int64_t columns,
                             std::int64_t rowBegin, std::int64_t rowEnd) {
    for (std::int64_t row = rowBegin; row < rowEnd; ++row) {
        const T* g = gate + row * strideIn;
        const T* u = up + row * strideIn;
        T* o = out + row * columns;
        LATHE_IVDEP
        for (std::int64_t c = 0; c < columns; ++c) {
            const float x = load(g + c);
            store(o + c, x / (1.0f + fastExp(-x)) * load(u + c));
        }
    }
}

template <class T>
LATHE_INLINE void swigluBackwardBody(const T* gradOut, const T* gate, const T* up, std::int64_t strideIn, T* gradGate,
                                     T* gradUp, std::int64_t strideGrad, std::int64_t columns, std::int64_t rowBegin,
                                     std::int64_t rowEnd) {
    for (std::int64_t row = rowBegin; row < rowEnd; ++row) {
        const T* g = gate + row * strideIn;
        const T* u = up + row * strideIn;
        const T* o = gradOut + row * columns;
        T* dg = gradGate + row * strideGrad;
        T* du = gradUp + row * strideGrad;
        LATHE_IVDEP
        for (std::int64_t c = 0; c < columns; ++c) {
            const float x = load(g + c);
            const float sigmoid = 1.0f / (1.0f + fastExp(-x));
            const float grad = load(o + c);
            store(dg + c, grad * load(u + c) * sigmoid * (1.0f + x * (1.0f - sigmoid)));
            store(du + c, grad * x * sigmoid);
        }
    }
}

LATHE_INLINE void toBf16Body(const float* in, Bf16* out, std::int64_t begin, std::int64_t end) {
    LATHE_IVDEP
    for (std::int64_t i = begin; i < end; ++i)
        store(out + i, in[i]);
}

LATHE_INLINE void adamwBody(const AdamWStep& step, float* parameter, const float* grad, float* m, float* v,
                            std::int64_t begin, std::int64_t end) {
    const float rate = step.lr / step.correction1;
    const float keep1 = step.beta1, add1 = step.add1, keep2 = step.beta2, add2 = step.add2;
    const float inverse2 = 1.0f / step.correction2Sqrt, scale = step.gradScale, decay = step.decay, eps = step.epsilon;
    LATHE_IVDEP
    for (std::int64_t i = begin; i < end; ++i) {
        const float g = grad[i] * scale;
        const float mi = keep1 * m[i] + add1 * g;
        const float vi = keep2 * v[i] + add2 * g * g;
        m[i] = mi;
        v[i] = vi;
        parameter[i] = parameter[i] * decay - rate * mi / (std::sqrt(vi) * inverse2 + eps);
    }
}

LATHE_INLINE void sumOfSquaresIntoBody(const float* values, std::int64_t begin, std::int64_t end, double* out) {
    double total = 0;
    // float sums of short runs, added up in double: fast and as good as double throughout
    for (std::int64_t i = begin; i < end; i += 4096) {
        const std::int64_t stop = i + 4096 < end ? i + 4096 : end;
        float part = 0;
        for (std::int64_t j = i; j < stop; ++j)
            part += values[j] * values[j];
        total += static_cast<double>(part);
    }
    *out = total;
}

}  // namespace

LATHE_MULTIVERSION((template <class T>), dropout,
                   (const T* in, T* out, std::int64_t begin, std::int64_t end, Dropout drop),
                   (in, out, begin, end, drop))
LATHE_MULTIVERSION((template <class T>), gelu, (const T* in, T* out, std::int64_t begin, std::int64_t end),
                   (in, out, begin, end))
LATHE_MULTIVERSION((template <class T>), geluBackward,
                   (const T* gradOut, const T* in, T* gradIn, std::int64_t begin, std::int64_t end),
                   (gradOut, in, gradIn, begin, end))
LATHE_MULTIVERSION((template <class T>), swiglu,
                   (const T* gate, const T* up, std::int64_t strideIn, T* out, std::int64_t columns,
                    std::int64_t rowBegin, std::int64_t rowEnd),
                   (gate, up, strideIn, out, columns, rowBegin, rowEnd))
LATHE_MULTIVERSION((template <class T>), swigluBackward,
                   (const T* gradOut, const T* gate, const T* up, std::int64_t strideIn, T* gradGate, T* gradUp,
                    std::int64_t strideGrad, std::int64_t columns, std::int64_t rowBegin, std::int64_t rowEnd),
                   (gradOut, gate, up, strideIn, gradGate, gradUp, strideGrad, columns, rowBegin, rowEnd))
LATHE_MULTIVERSION((), toBf16, (const float* in, Bf16* out, std::int64_t begin, std::int64_t end),
                   (in, out, begin, end))
LATHE_MULTIVERSION((), adamw,
                   (const AdamWStep& step, float* parameter, const float* grad, float* m, float* v, std::int64_t begin,
                    std::int64_t end),
                   (step, parameter, grad, m, v, begin, end))
LATHE_MULTIVERSION((), sumOfSquaresInto, (const float* values, std::int64_t begin, std::int64_t end, double* out),
                   (values, begin, end, out))

double sumOfSquares(const float* values, std::int64_t begin, std::int64_t end) {
    double total = 0;
    sumOfSquaresInto(values, begin, end, &total);
    return total;
}

#define LATHE_INSTANTIATE(T)                                                                                        \
    template void dropout<T>(const T*, T*, std::int64_t, std::int64_t, Dropout);                                    \
    template void gelu<T>(const T*, T*, std::int64_t, std::int64_t);                                                \
    template void geluBackward<T>(const T*, const T*, T*, std::int64_t, std::int64_t);                              \
    template void swiglu<T>(const T*, const T*, std::int64_t, T*, std::int64_t, std::int64_t, std::int64_t);        \
    template void swigluBackward<T>(const T*, const T*, const T*, std::int64_t, T*, T*, std::int64_t, std::int64_t, \
                                    std::int64_t, std::int64_t);
LATHE_INSTANTIATE(float)
LATHE_INSTANTIATE(Bf16)

}  // namespace lathe::nn::kernels
