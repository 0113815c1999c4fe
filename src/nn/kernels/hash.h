// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The dropout mask: a counter-based generator, cheap enough to run again in the backward pass.
#pragma once

#include <cstdint>

#include "nn/kernels/kernels.h"

namespace lathe::nn::kernels {

/// factor(i) is 0 with the dropout's probability, else 1 / (1 - p).
/// \source the 32-bit finaliser of MurmurHash3 over element index and key
class Keep {
public:
    LATHE_INLINE explicit Keep(Dropout drop)
        : m_low(static_cast<std::uint32_t>(drop.key)),
          m_high(static_cast<std::uint32_t>(drop.key >> 32)),
          m_threshold(static_cast<std::uint32_t>(static_cast<double>(drop.probability) * 4294967295.0)),
          m_scale(1.0f / (1.0f - drop.probability)) {}

    LATHE_INLINE float factor(std::int64_t index) const {
        std::uint32_t x = static_cast<std::uint32_t>(index) * 0x9E3779B1u + m_low;
        x = (x ^ (x >> 16)) * 0x85EBCA6Bu;
        x = (x ^ (x >> 13) ^ m_high) * 0xC2B2AE35u;
        x ^= x >> 16;
        return x >= m_threshold ? m_scale : 0.0f;
    }

private:
    std::uint32_t m_low, m_high, m_threshold;
    float m_scale;
};

}  // namespace lathe::nn::kernels
