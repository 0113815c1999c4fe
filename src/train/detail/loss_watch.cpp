// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/loss_watch.h"

#include <fmt/format.h>

#include <algorithm>
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
    m_lowest = std::min(m_lowest.value_or(mean), mean);
    const bool climbs = mean > kClimb * *m_lowest && mean > *m_lowest + kLeastClimb;
    if (!climbs)
        m_toldDiverging = false;
    if (!climbs || m_toldDiverging)
        return {};
    m_toldDiverging = true;
    return fmt::format(
        "the loss climbs: {:.3g} on average over {} steps, after {:.3g}; lower the learning rate or stop", mean,
        kWindow, *m_lowest);
}

std::string LossWatch::evaluation(double value, bool higherIsBetter) {
    if (!std::isfinite(value))
        return {};
    const double gain = (higherIsBetter ? 1 : -1) * (value - m_best.value_or(value));
    if (!m_best || gain > kLeastGain * std::abs(*m_best)) {
        m_best = value;
        m_still = 0;
        m_toldPlateau = false;
        return {};
    }
    if (++m_still < kStill || m_toldPlateau)
        return {};
    m_toldPlateau = true;
    return fmt::format("no gain over {} evaluations, best {:.4g}; more steps like these will hardly help", kStill,
                       *m_best);
}

Json LossWatch::state() const {
    return {{"losses", m_losses},
            {"lowest", m_lowest ? Json(*m_lowest) : Json()},
            {"best", m_best ? Json(*m_best) : Json()},
            {"still", m_still},
            {"told_diverging", m_toldDiverging},
            {"told_plateau", m_toldPlateau}};
}

void LossWatch::remember(const Json& state) {
    const auto real = [&](const char* key) {
        return state.contains(key) && state[key].is_number() ? std::optional(state[key].get<double>()) : std::nullopt;
    };
    const auto isTrue = [&](const char* key) { return state.contains(key) && state[key] == true; };
    *this = {};
    if (!state.is_object())
        return;
    if (state.contains("losses") && state["losses"].is_array())
        for (const Json& loss : state["losses"])
            if (loss.is_number())
                m_losses.push_back(loss.get<double>());
    m_lowest = real("lowest");
    m_best = real("best");
    m_still = static_cast<std::int64_t>(real("still").value_or(0));
    m_toldDiverging = isTrue("told_diverging");
    m_toldPlateau = isTrue("told_plateau");
}

}  // namespace lathe::train
