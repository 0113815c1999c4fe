// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Chooses a token from scores: the best, or one drawn behind temperature, top-k, top-p and min-p. Torch-free.
#pragma once

#include <random>
#include <span>
#include <vector>

#include "infer/detail/search_settings.h"

namespace lathe::infer {

/// The generator is std::mt19937_64, seeded with the settings' seed, and with a splitmix64 of it for the second and
/// later texts of one prompt; of each number the upper 53 bits count. So a seed gives the same text everywhere.
class Sampler {
public:
    explicit Sampler(const SearchSettings& settings, std::uint64_t text = 0);

    /// \p scores by id. Ties go to the smallest id; where nothing is possible, the answer is 0.
    std::int32_t next(std::span<const float> scores);
    /// Temperature and the limits: what may not be drawn becomes -infinity. At least \p least ids stay.
    void warp(std::span<float> scores, std::size_t least);
    double uniform();  ///< [0, 1)

private:
    struct Candidate {
        std::int32_t id = 0;
        double weight = 0;  ///< exp((score - best) / temperature)
    };
    /// What may be drawn, into m_candidates.
    void collect(std::span<const float> scores, float best, std::size_t least);
    void keepTopP(std::size_t least);

    const SearchSettings& m_settings;
    std::mt19937_64 m_random;
    std::vector<Candidate> m_candidates;  // scratch
    std::vector<float> m_sorted;          // scratch
};

}  // namespace lathe::infer
