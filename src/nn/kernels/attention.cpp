// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The softmax of attention scores with mask, scale and dropout in one pass, and rotary positions.
// \source Vaswani et al. arXiv:1706.03762 eq. 1; Su et al. arXiv:2104.09864
#include <algorithm>

#include "nn/kernels/hash.h"
#include "nn/kernels/kernels.h"

namespace lathe::nn::kernels {

namespace {

/// Keys [0, limit) come before the causal edge of this row.
LATHE_INLINE std::int64_t causalLimit(const AttentionSpan& span, std::int64_t row) {
    if (!span.causal)
        return span.keys;
    const std::int64_t limit = span.past + row % span.queries + 1;
    return limit < span.keys ? limit : span.keys;
}

/// Keys [first, limit) lie in this row's sliding window.
LATHE_INLINE std::int64_t windowBegin(const AttentionSpan& span, std::int64_t row) {
    if (!span.causal || span.window <= 0)
        return 0;
    const std::int64_t first = span.past + row % span.queries + 1 - span.window;
    return first > 0 ? first : 0;
}

/// c tanh(x / c) in place, and its derivative.
template <class T>
LATHE_INLINE void capScores(float c, std::int64_t first, std::int64_t limit, float* scores, T* slope) {
    const float inverse = 1.0f / c;
    LATHE_IVDEP
    for (std::int64_t s = first; s < limit; ++s) {
        const float x = scores[s] * inverse;
        const float e = fastExp(-2.0f * std::fabs(x)), sum = 1.0f + e;
        scores[s] = std::copysign(c * (1.0f - e) / sum, x);
        store(slope + s, 4.0f * e / (sum * sum));  // 1 - tanh^2 without its cancellation
    }
}

template <class T>
LATHE_INLINE void attentionSoftmaxBody(const AttentionSpan& span, Dropout drop, std::int64_t rowBegin,
                                       std::int64_t rowEnd, const T* scores, T* p, T* dropped, T* slope,
                                       float* scratch) {
    const std::int64_t n = span.keys;
    const Keep keep(drop);
    for (std::int64_t row = rowBegin; row < rowEnd; ++row) {
        const T* in = scores + row * n;
        T* out = p + row * n;
        const std::int64_t first = windowBegin(span, row), limit = causalLimit(span, row);
        const std::uint8_t* mask = span.keyMask ? span.keyMask + row / span.rowsPerBatch * n : nullptr;
        for (std::int64_t s = first; s < limit; ++s)
            scratch[s] = load(in + s) * span.scale;
        if (slope)
            capScores(span.softcap, first, limit, scratch, slope + row * n);
        if (span.bias) {
            const float* bias = span.bias + row / span.rowsPerBatch * span.biasStride + row % span.rowsPerBatch * n;
            for (std::int64_t s = first; s < limit; ++s)
                scratch[s] += bias[s];
        }
        if (mask)
            for (std::int64_t s = first; s < limit; ++s)
                scratch[s] = mask[s] ? scratch[s] : -HUGE_VALF;
        float top = -HUGE_VALF;
        for (std::int64_t s = first; s < limit; ++s)
            top = scratch[s] > top ? scratch[s] : top;
        if (top == -HUGE_VALF)
            top = 0;  // nothing visible: every term below becomes 0
        float sum = 0;
        for (std::int64_t s = first; s < limit; ++s) {
            const float e = fastExp(scratch[s] - top);
            scratch[s] = e;
            sum += e;
        }
        const float inverse = sum > 0 ? 1.0f / sum : 0.0f;
        for (std::int64_t s = 0; s < first; ++s)
            store(out + s, 0.0f);
        LATHE_IVDEP
        for (std::int64_t s = first; s < limit; ++s)
            store(out + s, scratch[s] * inverse);
        for (std::int64_t s = limit; s < n; ++s)
            store(out + s, 0.0f);
        if (!drop.isOn())
            continue;
        T* kept = dropped + row * n;
        for (std::int64_t s = 0; s < first; ++s)
            store(kept + s, 0.0f);
        LATHE_IVDEP
        for (std::int64_t s = first; s < limit; ++s)
            store(kept + s, scratch[s] * inverse * keep.factor(row * n + s));
        for (std::int64_t s = limit; s < n; ++s)
            store(kept + s, 0.0f);
    }
}

template <class T>
LATHE_INLINE void attentionSoftmaxBackwardBody(const AttentionSpan& span, Dropout drop, std::int64_t rowBegin,
                                               std::int64_t rowEnd, const T* gradDropped, const T* p, const T* slope,
                                               T* gradScores, float* scratch) {
    const std::int64_t n = span.keys;
    const Keep keep(drop);
    for (std::int64_t row = rowBegin; row < rowEnd; ++row) {
        const T* g = gradDropped + row * n;
        const T* pr = p + row * n;
        T* out = gradScores + row * n;
        const std::int64_t first = windowBegin(span, row), limit = causalLimit(span, row);
        float dot = 0;
        if (drop.isOn()) {
            for (std::int64_t s = first; s < limit; ++s) {
                const float dp = load(g + s) * keep.factor(row * n + s);
                scratch[s] = dp;
                dot += dp * load(pr + s);
            }
        } else {
            for (std::int64_t s = first; s < limit; ++s) {
                const float dp = load(g + s);
                scratch[s] = dp;
                dot += dp * load(pr + s);
            }
        }
        for (std::int64_t s = 0; s < first; ++s)
            store(out + s, 0.0f);
        LATHE_IVDEP
        for (std::int64_t s = first; s < limit; ++s)
            scratch[s] = span.scale * load(pr + s) * (scratch[s] - dot);
        if (slope) {
            LATHE_IVDEP
            for (std::int64_t s = first; s < limit; ++s)
                scratch[s] *= load(slope + row * n + s);
        }
        LATHE_IVDEP
        for (std::int64_t s = first; s < limit; ++s)
            store(out + s, scratch[s]);
        for (std::int64_t s = limit; s < n; ++s)
            store(out + s, 0.0f);
    }
}

/// First half and second half of a head are the two coordinates of each rotated plane (the "rotate half" form).
template <class T>
LATHE_INLINE void rotaryForwardBody(const RotaryShape& shape, std::int64_t rowBegin, std::int64_t rowEnd, const T* in,
                                    const std::int64_t* positions, const float* cosines, const float* sines, T* out) {
    const std::int64_t half = shape.turned / 2;
    for (std::int64_t row = rowBegin; row < rowEnd; ++row) {
        const std::int64_t b = row / shape.tokens, t = row % shape.tokens;
        const float* c = cosines + positions[row] * half;
        const float* s = sines + positions[row] * half;
        for (std::int64_t h = 0; h < shape.heads; ++h) {
            const T* x = in + row * shape.stride + h * shape.dimension;
            T* y = out + ((b * shape.heads + h) * shape.tokens + t) * shape.dimension;
            LATHE_IVDEP
            for (std::int64_t d = 0; d < half; ++d) {
                const float first = load(x + d), second = load(x + half + d);
                store(y + d, first * c[d] - second * s[d]);
                store(y + half + d, second * c[d] + first * s[d]);
            }
            for (std::int64_t d = shape.turned; d < shape.dimension; ++d)
                y[d] = x[d];
        }
    }
}

template <class T>
LATHE_INLINE void rotaryBackwardBody(const RotaryShape& shape, std::int64_t rowBegin, std::int64_t rowEnd,
                                     const T* gradOut, const std::int64_t* positions, const float* cosines,
                                     const float* sines, T* gradIn) {
    const std::int64_t half = shape.turned / 2;
    for (std::int64_t row = rowBegin; row < rowEnd; ++row) {
        const std::int64_t b = row / shape.tokens, t = row % shape.tokens;
        const float* c = cosines + positions[row] * half;
        const float* s = sines + positions[row] * half;
        for (std::int64_t h = 0; h < shape.heads; ++h) {
            const T* y = gradOut + ((b * shape.heads + h) * shape.tokens + t) * shape.dimension;
            T* x = gradIn + row * shape.stride + h * shape.dimension;
            LATHE_IVDEP
            for (std::int64_t d = 0; d < half; ++d) {
                const float first = load(y + d), second = load(y + half + d);
                store(x + d, first * c[d] + second * s[d]);
                store(x + half + d, second * c[d] - first * s[d]);
            }
            for (std::int64_t d = shape.turned; d < shape.dimension; ++d)
                x[d] = y[d];
        }
    }
}

}  // namespace

LATHE_MULTIVERSION((template <class T>), attentionSoftmax,
                   (const AttentionSpan& span, Dropout drop, std::int64_t rowBegin, std::int64_t rowEnd,
                    const T* scores, T* p, T* dropped, T* slope, float* scratch),
                   (span, drop, rowBegin, rowEnd, scores, p, dropped, slope, scratch))
LATHE_MULTIVERSION((template <class T>), attentionSoftmaxBackward,
                   (const AttentionSpan& span, Dropout drop, std::int64_t rowBegin, std::int64_t rowEnd,
                    const T* gradDropped, const T* p, const T* slope, T* gradScores, float* scratch),
                   (span, drop, rowBegin, rowEnd, gradDropped, p, slope, gradScores, scratch))
LATHE_MULTIVERSION((template <class T>), rotaryForward,
                   (const RotaryShape& shape, std::int64_t rowBegin, std::int64_t rowEnd, const T* in,
                    const std::int64_t* positions, const float* cosines, const float* sines, T* out),
                   (shape, rowBegin, rowEnd, in, positions, cosines, sines, out))
LATHE_MULTIVERSION((template <class T>), rotaryBackward,
                   (const RotaryShape& shape, std::int64_t rowBegin, std::int64_t rowEnd, const T* gradOut,
                    const std::int64_t* positions, const float* cosines, const float* sines, T* gradIn),
                   (shape, rowBegin, rowEnd, gradOut, positions, cosines, sines, gradIn))

#define LATHE_INSTANTIATE(T)                                                                                           \
    template void attentionSoftmax<T>(const AttentionSpan&, Dropout, std::int64_t, std::int64_t, const T*, T*, T*, T*, \
                                      float*);                                                                         \
    template void attentionSoftmaxBackward<T>(const AttentionSpan&, Dropout, std::int64_t, std::int64_t, const T*,     \
                                              const T*, const T*, T*, float*);                                         \
    template void rotaryForward<T>(const RotaryShape&, std::int64_t, std::int64_t, const T*, const std::int64_t*,      \
                                   const float*, const float*, T*);                                                    \
    template void rotaryBackward<T>(const RotaryShape&, std::int64_t, std::int64_t, const T*, const std::int64_t*,     \
                                    const float*, const float*, T*);
LATHE_INSTANTIATE(float)
LATHE_INSTANTIATE(Bf16)

}  // namespace lathe::nn::kernels
