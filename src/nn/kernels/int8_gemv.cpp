// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// int8 rows times a vector, bound by how fast the rows come from memory. Two ways with one result but for rounding:
// in float, and, where the processor multiplies bytes (VNNI), with a vector of 16-bit integers in two bytes each.
#include <cstring>

#include "nn/kernels/kernels.h"

#ifdef LATHE_HAS_VERSIONS
#include <immintrin.h>
#endif

namespace lathe::nn::kernels {

namespace {

/// Four neighbours as they lie in memory: the first in the lowest byte.
LATHE_INLINE std::uint32_t wordAt(const std::int8_t* bytes) {
    std::uint32_t word;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

/// Number \p k of a word, times 2^24: a byte at the top of an integer needs no widening of its own.
LATHE_INLINE float highest(std::uint32_t word, int k) {
    return static_cast<float>(static_cast<std::int32_t>((word << (24 - 8 * k)) & 0xFF000000u));
}

/// R rows at a time, as in gemv.cpp. x lies by fours: all first ones, all second ones...
template <int R>
LATHE_INLINE void rowsTimesVector(const std::int8_t* weight, const float* scale, const float* x, std::int64_t columns,
                                  float* out) {
    const std::int64_t words = columns / 4;
    float first[R] = {}, second[R] = {}, third[R] = {}, fourth[R] = {};
    for (std::int64_t c = 0; c < words; ++c)
        for (int r = 0; r < R; ++r) {
            const std::uint32_t word = wordAt(weight + r * columns + 4 * c);
            first[r] += highest(word, 0) * x[c];
            second[r] += highest(word, 1) * x[words + c];
            third[r] += highest(word, 2) * x[2 * words + c];
            fourth[r] += highest(word, 3) * x[3 * words + c];
        }
    for (int r = 0; r < R; ++r) {
        float sum = (first[r] + second[r] + third[r] + fourth[r]) * 0x1p-24f;
        for (std::int64_t c = 4 * words; c < columns; ++c)
            sum += static_cast<float>(weight[r * columns + c]) * x[c];
        out[r] = sum * scale[r];
    }
}

LATHE_INLINE void gemvFloatBody(const std::int8_t* weight, const float* scale, const float* x, std::int64_t columns,
                                std::int64_t rowBegin, std::int64_t rowEnd, float* out) {
    std::int64_t row = rowBegin;
    for (; row + 4 <= rowEnd; row += 4)
        rowsTimesVector<4>(weight + row * columns, scale + row, x, columns, out + row);
    for (; row < rowEnd; ++row)
        rowsTimesVector<1>(weight + row * columns, scale + row, x, columns, out + row);
}

LATHE_MULTIVERSION((), gemvFloat,
                   (const std::int8_t* weight, const float* scale, const float* x, std::int64_t columns,
                    std::int64_t rowBegin, std::int64_t rowEnd, float* out),
                   (weight, scale, x, columns, rowBegin, rowEnd, out))

void arrangeFloats(const float* x, std::int64_t columns, float* out) {
    const std::int64_t words = columns / 4;
    for (std::int64_t c = 0; c < words; ++c)
        for (std::int64_t k = 0; k < 4; ++k)
            out[k * words + c] = x[4 * c + k];
    for (std::int64_t c = 4 * words; c < columns; ++c)
        out[c] = x[c];
}

#ifdef LATHE_HAS_VERSIONS
#define LATHE_VNNI __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma")))

constexpr std::int64_t kBytes = 64;             ///< of a register
constexpr std::int64_t kMostColumns = 1 << 16;  ///< up to which a lane's sum stays below 2^31

bool readsBytes(std::int64_t columns) {
    static const bool has = simdLevel() == SimdLevel::Avx512 && __builtin_cpu_supports("avx512vnni");
    return has && columns <= kMostColumns;
}

/// x = step * (256 high + low): this, then both rows of bytes, which end in zeros.
struct Header {
    float step;
    std::int64_t offset;  ///< by how much the sum is too large when weights are read as unsigned: 128 * sum of x / step
};
static_assert(sizeof(Header) <= kBytes);

LATHE_INLINE std::int64_t padded(std::int64_t columns) {
    return (columns + kBytes - 1) / kBytes * kBytes;
}

LATHE_VNNI float largestSize(const float* x, std::int64_t columns) {
    constexpr int kLanes = 16;
    float tops[kLanes] = {};
    std::int64_t c = 0;
    for (; c + kLanes <= columns; c += kLanes)
        for (int lane = 0; lane < kLanes; ++lane) {
            const float size = std::fabs(x[c + lane]);
            tops[lane] = size > tops[lane] ? size : tops[lane];
        }
    float top = 0;
    for (const float lane : tops)
        top = lane > top ? lane : top;
    for (; c < columns; ++c)
        top = std::fabs(x[c]) > top ? std::fabs(x[c]) : top;
    return top;
}

LATHE_VNNI void arrangeBytes(const float* x, std::int64_t columns, float* out) {
    constexpr float kMost = 127 * 256;
    const float top = largestSize(x, columns);
    float bad = 0;
    for (std::int64_t c = 0; c < columns; ++c)
        bad += x[c] * 0.0f;  // NaN where an infinity or a NaN is, and so will be the result
    const float inverse = top > 0 && bad == 0 ? kMost / top : 0.0f;
    auto* high = reinterpret_cast<std::int8_t*>(out) + kBytes;
    std::int8_t* low = high + padded(columns);
    std::memset(high + columns, 0, static_cast<std::size_t>(padded(columns) - columns));
    std::memset(low + columns, 0, static_cast<std::size_t>(padded(columns) - columns));
    std::int32_t sum = 0;
    for (std::int64_t c = 0; bad == 0 && c < columns; ++c) {
        const auto number = static_cast<std::int32_t>(std::nearbyint(x[c] * inverse));
        const std::int32_t upper = (number + 128) >> 8;
        high[c] = static_cast<std::int8_t>(upper);
        low[c] = static_cast<std::int8_t>(number - 256 * upper);
        sum += number;
    }
    const Header header{top / kMost + bad, std::int64_t{128} * sum};
    std::memcpy(out, &header, sizeof header);
}

/// The sum of all lanes, by way of memory: what gcc 12 makes of the header's own reduction warns.
LATHE_VNNI inline std::int64_t total(__m512i vector) {
    std::int32_t lanes[16], sum = 0;
    _mm512_storeu_si512(lanes, vector);
    for (const std::int32_t lane : lanes)
        sum += lane;
    return sum;
}

LATHE_VNNI void gemvBytes(const std::int8_t* weight, const float* scale, const float* arranged, std::int64_t columns,
                          std::int64_t rowBegin, std::int64_t rowEnd, float* out) {
    Header header{};
    std::memcpy(&header, arranged, sizeof header);
    const auto* high = reinterpret_cast<const std::int8_t*>(arranged) + kBytes;
    const std::int8_t* low = high + padded(columns);
    const __m512i flip = _mm512_set1_epi8(-128);  // makes the unsigned byte w + 128 of w
    const std::int64_t whole = columns / kBytes * kBytes;
    const __mmask64 rest = (__mmask64{1} << (columns - whole)) - 1;
    for (std::int64_t row = rowBegin; row < rowEnd; ++row) {
        const std::int8_t* bytes = weight + row * columns;
        __m512i upper = _mm512_setzero_si512(), lower = _mm512_setzero_si512();
        for (std::int64_t c = 0; c < whole; c += kBytes) {
            const __m512i w = _mm512_xor_si512(_mm512_loadu_si512(bytes + c), flip);
            upper = _mm512_dpbusd_epi32(upper, w, _mm512_loadu_si512(high + c));
            lower = _mm512_dpbusd_epi32(lower, w, _mm512_loadu_si512(low + c));
        }
        if (rest != 0) {
            const __m512i w = _mm512_xor_si512(_mm512_maskz_loadu_epi8(rest, bytes + whole), flip);
            upper = _mm512_dpbusd_epi32(upper, w, _mm512_loadu_si512(high + whole));
            lower = _mm512_dpbusd_epi32(lower, w, _mm512_loadu_si512(low + whole));
        }
        const std::int64_t sum = 256 * total(upper) + total(lower) - header.offset;
        out[row] = static_cast<float>(sum) * header.step * scale[row];
    }
}
#endif

}  // namespace

#ifdef LATHE_HAS_VERSIONS
void arrangeInt8Vector(const float* x, std::int64_t columns, float* out) {
    (readsBytes(columns) ? arrangeBytes : arrangeFloats)(x, columns, out);
}

void gemvInt8(const std::int8_t* weight, const float* scale, const float* arranged, std::int64_t columns,
              std::int64_t rowBegin, std::int64_t rowEnd, float* out) {
    (readsBytes(columns) ? gemvBytes : gemvFloat)(weight, scale, arranged, columns, rowBegin, rowEnd, out);
}
#else
void arrangeInt8Vector(const float* x, std::int64_t columns, float* out) {
    arrangeFloats(x, columns, out);
}

void gemvInt8(const std::int8_t* weight, const float* scale, const float* arranged, std::int64_t columns,
              std::int64_t rowBegin, std::int64_t rowEnd, float* out) {
    gemvFloat(weight, scale, arranged, columns, rowBegin, rowEnd, out);
}
#endif

}  // namespace lathe::nn::kernels
