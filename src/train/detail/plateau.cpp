// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/plateau.h"

#include <cmath>

namespace lathe::train {

void Plateau::note(double value, bool higherIsBetter) {
    const double needed = higherIsBetter ? m_best * (1 + m_options.threshold) : m_best * (1 - m_options.threshold);
    const bool better =
        !std::isnan(value) && (std::isnan(m_best) || (higherIsBetter ? value > needed : value < needed));
    if (better) {
        m_best = value;
        m_without = 0;
    } else if (++m_without > m_options.patience) {
        m_factor *= m_options.factor;
        m_without = 0;
    }
}

void Plateau::restore(const std::array<double, 3>& state) {
    m_factor = state[0];
    m_best = state[1];
    m_without = static_cast<std::int64_t>(state[2]);
}

}  // namespace lathe::train
