// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// \source Fan et al. arXiv:1805.04833 (top-k), Holtzman et al. arXiv:1904.09751 (top-p), Nguyen et al. arXiv:2407.01082
// (min-p)
#include "infer/detail/sampler.h"

#include <algorithm>
#include <cmath>

namespace lathe::infer {

namespace {

std::uint64_t seedOf(std::uint64_t seed, std::uint64_t text) {
    if (text == 0)
        return seed;
    std::uint64_t x = seed + text * 0x9E3779B97F4A7C15ull;  // splitmix64
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
    return x ^ (x >> 31);
}

}  // namespace

Sampler::Sampler(const SearchSettings& settings, std::uint64_t text)
    : m_settings(settings), m_random(seedOf(settings.seed, text)) {
}

double Sampler::uniform() {
    return static_cast<double>(m_random() >> 11) * 0x1.0p-53;  // by hand: the standard's distributions differ
}

std::int32_t Sampler::next(std::span<const float> scores) {
    const auto best = std::ranges::max_element(scores);
    if (!m_settings.sample || !std::isfinite(*best))
        return static_cast<std::int32_t>(best - scores.begin());
    collect(scores, *best, 1);
    double total = 0;
    for (const Candidate& candidate : m_candidates)
        total += candidate.weight;
    double rest = uniform() * total;
    for (const Candidate& candidate : m_candidates) {
        rest -= candidate.weight;
        if (rest < 0)
            return candidate.id;
    }
    return m_candidates.back().id;
}

void Sampler::warp(std::span<float> scores, std::size_t least) {
    const float best = *std::ranges::max_element(scores);
    if (!std::isfinite(best))
        return;
    collect(scores, best, least);
    std::ranges::sort(m_candidates, {}, &Candidate::id);
    std::size_t at = 0;
    for (std::size_t id = 0; id < scores.size(); ++id) {
        const bool kept = at < m_candidates.size() && static_cast<std::size_t>(m_candidates[at].id) == id;
        at += kept ? 1 : 0;
        scores[id] = kept ? scores[id] / static_cast<float>(m_settings.temperature) : -INFINITY;
    }
}

void Sampler::collect(std::span<const float> scores, float best, std::size_t least) {
    float threshold = -INFINITY;
    const std::size_t topK = std::max(least, static_cast<std::size_t>(std::max(0, m_settings.topK)));
    if (m_settings.topK > 0 && topK < scores.size()) {
        m_sorted.assign(scores.begin(), scores.end());
        const auto kth = m_sorted.begin() + static_cast<std::ptrdiff_t>(topK - 1);
        std::ranges::nth_element(m_sorted, kth, std::greater());
        threshold = *kth;
    }
    m_candidates.clear();
    for (std::size_t id = 0; id < scores.size(); ++id)
        if (scores[id] >= threshold && scores[id] > -INFINITY) {
            const double below = static_cast<double>(scores[id]) - static_cast<double>(best);
            m_candidates.push_back({static_cast<std::int32_t>(id), std::exp(below / m_settings.temperature)});
        }
    if (m_settings.topP < 1)
        keepTopP(least);
    if (m_settings.minP > 0 && m_candidates.size() > least) {
        const auto likelier = [](const Candidate& a, const Candidate& b) { return a.weight > b.weight; };
        const auto sure = m_candidates.begin() + static_cast<std::ptrdiff_t>(least);
        std::ranges::nth_element(m_candidates, sure - 1, likelier);
        const auto gone =
            std::remove_if(sure, m_candidates.end(), [&](const Candidate& c) { return c.weight < m_settings.minP; });
        m_candidates.erase(gone, m_candidates.end());
    }
}

/// The shortest run of likeliest candidates that reaches the share.
void Sampler::keepTopP(std::size_t least) {
    double total = 0;
    for (const Candidate& candidate : m_candidates)
        total += candidate.weight;
    const auto unlikelier = [](const Candidate& a, const Candidate& b) {
        return a.weight != b.weight ? a.weight < b.weight : a.id > b.id;
    };
    std::ranges::make_heap(m_candidates, unlikelier);  // few are taken: cheaper than sorting them all
    double sum = 0;
    std::size_t taken = 0;
    while (taken < m_candidates.size() && (taken < least || sum < m_settings.topP * total)) {
        const auto end = m_candidates.end() - static_cast<std::ptrdiff_t>(taken++);
        std::pop_heap(m_candidates.begin(), end, unlikelier);
        sum += (end - 1)->weight;
    }
    m_candidates.erase(m_candidates.begin(), m_candidates.end() - static_cast<std::ptrdiff_t>(taken));
    std::ranges::reverse(m_candidates);
}

}  // namespace lathe::infer
