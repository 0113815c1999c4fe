// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How the kernels are compiled three times (AVX-512, AVX2, any x86-64 or other machine) and chosen at run time.
// A kernel is an always-inlined body of plain loops; LATHE_MULTIVERSION makes the versions and the function that picks.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#define LATHE_INLINE inline __attribute__((always_inline))

#if defined(__x86_64__) && defined(__GNUC__)
#define LATHE_HAS_VERSIONS 1
#if defined(__clang__)
#define LATHE_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma")))
#else
#define LATHE_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma,prefer-vector-width=512")))
#endif
#define LATHE_AVX2 __attribute__((target("avx2,fma")))
#endif

/// Before a loop whose arrays are the same or apart, never shifted against each other: working in place stays
/// vectorised.
#if defined(__clang__)
#define LATHE_IVDEP _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define LATHE_IVDEP _Pragma("GCC ivdep")
#else
#define LATHE_IVDEP
#endif

namespace lathe::nn::kernels {

enum class SimdLevel { Plain, Avx2, Avx512 };

/// What this machine has; asked once.
inline SimdLevel simdLevel() {
#ifdef LATHE_HAS_VERSIONS
    static const SimdLevel level = [] {
        __builtin_cpu_init();
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
            __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
            return SimdLevel::Avx512;
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? SimdLevel::Avx2 : SimdLevel::Plain;
    }();
    return level;
#else
    return SimdLevel::Plain;
#endif
}

/// bfloat16 as its bits: the upper half of a float32.
using Bf16 = std::uint16_t;

LATHE_INLINE float load(const float* p) {
    return *p;
}
LATHE_INLINE float load(const Bf16* p) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(*p) << 16);
}
LATHE_INLINE void store(float* p, float value) {
    *p = value;
}
/// Rounds to nearest, ties to even; a NaN stays one.
LATHE_INLINE void store(Bf16* p, float value) {
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t rounded = (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16;
    *p = static_cast<Bf16>((bits & 0x7FFFFFFFu) > 0x7F800000u ? 0x7FC0u : rounded);
}

/// e^x, relative error below 2e-7; 0 below -87, infinity above 88.7. Branch-free, so that loops over it vectorise.
/// \source Cephes expf: 2^n by the exponent bits, a polynomial of degree 6 on [-ln 2 / 2, ln 2 / 2]
LATHE_INLINE float fastExp(float x) {
    const float clamped = x < -87.0f ? -87.0f : (x > 88.7f ? 88.7f : x);
    const float n = std::nearbyint(clamped * 1.44269504088896341f);
    const float f = (clamped - n * 0.693359375f) - n * -2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * f + 1.3981999507e-3f;
    p = p * f + 8.3334519073e-3f;
    p = p * f + 4.1665795894e-2f;
    p = p * f + 1.6666665459e-1f;
    p = p * f + 5.0000001201e-1f;
    p = p * f * f + f + 1.0f;
    // n is at most 128 here: two factors keep the exponent field in range
    const std::int32_t half = static_cast<std::int32_t>(n) / 2;
    const std::int32_t rest = static_cast<std::int32_t>(n) - half;
    const float result = p * std::bit_cast<float>((half + 127) << 23) * std::bit_cast<float>((rest + 127) << 23);
    return x < -87.0f ? 0.0f : (x > 88.7f ? HUGE_VALF : (x != x ? x : result));
}

/// tanh x = (1 - e) / (1 + e) with e = e^-2|x|; absolute error below 2e-7.
LATHE_INLINE float fastTanh(float x) {
    const float e = fastExp(-2.0f * std::fabs(x));
    return std::copysign((1.0f - e) / (1.0f + e), x);
}

}  // namespace lathe::nn::kernels

/// LATHE_MULTIVERSION((template <class T>), addRows, (const T* a, T* b, long n), (a, b, n)) defines addRows from
/// addRowsBody. The first argument may be empty: ().
#define LATHE_UNPAREN(...) __VA_ARGS__
#ifdef LATHE_HAS_VERSIONS
#define LATHE_MULTIVERSION(TEMPLATE, NAME, PARAMETERS, ARGUMENTS)             \
    LATHE_UNPAREN TEMPLATE LATHE_AVX512 static void NAME##Avx512 PARAMETERS { \
        NAME##Body ARGUMENTS;                                                 \
    }                                                                         \
    LATHE_UNPAREN TEMPLATE LATHE_AVX2 static void NAME##Avx2 PARAMETERS {     \
        NAME##Body ARGUMENTS;                                                 \
    }                                                                         \
    LATHE_UNPAREN TEMPLATE static void NAME##Plain PARAMETERS {               \
        NAME##Body ARGUMENTS;                                                 \
    }                                                                         \
    LATHE_UNPAREN TEMPLATE void NAME PARAMETERS {                             \
        switch (simdLevel()) {                                                \
            case SimdLevel::Avx512:                                           \
                return NAME##Avx512 ARGUMENTS;                                \
            case SimdLevel::Avx2:                                             \
                return NAME##Avx2 ARGUMENTS;                                  \
            case SimdLevel::Plain:                                            \
                return NAME##Plain ARGUMENTS;                                 \
        }                                                                     \
    }
#else
#define LATHE_MULTIVERSION(TEMPLATE, NAME, PARAMETERS, ARGUMENTS) \
    LATHE_UNPAREN TEMPLATE void NAME PARAMETERS {                 \
        NAME##Body ARGUMENTS;                                     \
    }
#endif
