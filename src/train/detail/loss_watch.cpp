// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/loss_watch.h"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

namespace lathe::train {
namespace {

constexpr std::size_t kWindow = 20;
constexpr double kClimb = 2, kLeastClimb = 0.1;
constexpr std::int64_t kStill = 4;
constexpr double kLeastGain = 1e-3;

}  // namespace

std::string LossWatch::step(double loss) {
    if (!std::isfinite(loss))
        return {};
    m_losses.push_back(loss);
    if (m_losses.size() > kWindow)
        m_losses.pop_front();
    if (m_losses.size() < kWindow)
        return {};
    const double mean = std::accumulate(m_losses.begin(), m_losses.end(), 0.0) / static_cast<double>(kWindow);
    if (!m_hasLowest || mean < m_lowest) {
        m_lowest = mean;
        m_hasLowest = true;
    }
    const bool climbs = mean > kClimb * m_lowest && mean > m_lowest + kLeastClimb;
    if (!climbs)
        m_toldDiverging = false;
    if (!climbs || m_toldDiverging)
        return {};
    m_toldDiverging = true;
    return fmt::format(
        "the loss climbs: {:.3g} on average over {} steps, after {:.3g}; lower the learning rate or stop", mean,
        kWindow, m_lowest);
}

std::string LossWatch::evaluation(double value, bool higherIsBetter) {
    if (!std::isfinite(value))
        return {};
    const double gain = higherIsBetter ? value - m_best : m_best - value;
    if (m_evaluations++ == 0 || gain > kLeastGain * std::abs(m_best)) {
        m_best = value;
        m_still = 0;
        m_toldPlateau = false;
        return {};
    }
    if (++m_still < kStill || m_toldPlateau)
        return {};
    m_toldPlateau = true;
    return fmt::format("no gain over {} evaluations, best {:.4g}; more steps like these will hardly help", kStill,
                       m_best);
}

}  // namespace lathe::train
