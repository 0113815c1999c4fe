// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// \source Holtzman et al. arXiv:1904.09751 (top-p), Keskar et al. arXiv:1909.05858 (repetition penalty)
#include "infer/detail/sampler.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lathe::infer {

std::int32_t Sampler::next(std::span<float> logits, std::span<const std::int32_t> history) {
    for (float& value : logits)
        if (std::isnan(value))
            value = -INFINITY;
    if (m_options.repetitionPenalty != 1.0) {
        const auto penalty = static_cast<float>(m_options.repetitionPenalty);
        m_seen.assign(logits.size(), false);
        for (const std::int32_t id : history) {
            const auto index = static_cast<std::size_t>(id);
            if (id < 0 || index >= logits.size() || m_seen[index])
                continue;
            m_seen[index] = true;
            logits[index] = logits[index] < 0 ? logits[index] * penalty : logits[index] / penalty;
        }
    }
    if (m_options.temperature <= 0)
        return static_cast<std::int32_t>(std::ranges::max_element(logits) - logits.begin());
    return draw(logits);
}

std::int32_t Sampler::draw(std::span<const float> logits) {
    const std::size_t vocabulary = logits.size();
    const auto before = [&](std::int32_t a, std::int32_t b) {
        const float x = logits[static_cast<std::size_t>(a)], y = logits[static_cast<std::size_t>(b)];
        return x != y ? x > y : a < b;
    };
    m_order.resize(vocabulary);
    std::iota(m_order.begin(), m_order.end(), 0);
    const std::size_t kept =
        m_options.topK > 0 ? std::min<std::size_t>(static_cast<std::size_t>(m_options.topK), vocabulary) : vocabulary;
    std::partial_sort(m_order.begin(), m_order.begin() + static_cast<std::ptrdiff_t>(kept), m_order.end(), before);
    m_order.resize(kept);
    const double top = static_cast<double>(logits[static_cast<std::size_t>(m_order.front())]);
    m_weights.clear();
    for (const std::int32_t id : m_order)
        m_weights.push_back(
            std::exp((static_cast<double>(logits[static_cast<std::size_t>(id)]) - top) / m_options.temperature));
    double total = std::accumulate(m_weights.begin(), m_weights.end(), 0.0);
    if (m_options.topP < 1) {
        // the shortest run of likeliest tokens that reaches the share; at least one
        double sum = 0;
        std::size_t count = 0;
        while (count < m_weights.size() && (count == 0 || sum < m_options.topP * total))
            sum += m_weights[count++];
        m_weights.resize(count);
        total = sum;
    }
    // 53 random bits by hand: the standard's distributions differ between libraries
    double rest = static_cast<double>(m_random() >> 11) * 0x1.0p-53 * total;
    for (std::size_t i = 0; i < m_weights.size(); ++i) {
        rest -= m_weights[i];
        if (rest < 0)
            return m_order[i];
    }
    return m_order[m_weights.size() - 1];
}

}  // namespace lathe::infer
