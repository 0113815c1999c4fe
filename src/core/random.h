// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Random numbers that are a function of (seed, what for, number), so that a resumed run draws what it would have drawn.
// \source Steele, Lea, Flood 2014 (SplitMix64); Lemire 2019 (bounded integers without division).
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace lathe {

constexpr std::uint64_t mixBits(std::uint64_t x) {
    x += 0x9E3779B97F4A7C15ull;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
    return x ^ (x >> 31);
}
/// A seed for one purpose out of others: mixSeed(seed, epoch), mixSeed(seed, phase, step).
constexpr std::uint64_t mixSeed(std::uint64_t seed, std::uint64_t a, std::uint64_t b = 0) {
    return mixBits(mixBits(mixBits(seed) ^ a) + b);
}

class Random {
public:
    explicit Random(std::uint64_t seed) : m_state(mixBits(seed)) {}
    std::uint64_t next() { return mixBits(m_state += 0x9E3779B97F4A7C15ull); }
    /// Uniform in [0, n), 0 < n <= 2^32.
    std::uint64_t below(std::uint64_t n) { return ((next() >> 32) * n) >> 32; }
    /// Uniform in [0, 1).
    double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }

    template <class T>
    void shuffle(std::vector<T>& items) {
        for (std::size_t i = items.size(); i > 1; --i)
            std::swap(items[i - 1], items[below(i)]);
    }

private:
    std::uint64_t m_state;
};

}  // namespace lathe
