// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Plateau: a learning rate that falls when the dev metric has stopped getting better. Torch-free.
// \source torch.optim.lr_scheduler.ReduceLROnPlateau, threshold_mode "rel", without cooldown
#pragma once

#include <array>
#include <cstdint>
#include <limits>

namespace lathe::train {

struct PlateauOptions {
    double factor = 0.5;        ///< what the rate is multiplied by
    std::int64_t patience = 2;  ///< evaluations without gain that are put up with
    double threshold = 1e-4;    ///< relative gain that counts
};

class Plateau {
public:
    explicit Plateau(PlateauOptions options) : m_options(options) {}

    /// What the schedule's rate is to be multiplied by.
    double factor() const { return m_factor; }
    /// An evaluation; NaN counts as no gain.
    void note(double value, bool higherIsBetter);

    /// For a checkpoint: factor, best value (NaN = none), evaluations without gain.
    std::array<double, 3> state() const { return {m_factor, m_best, static_cast<double>(m_without)}; }
    void restore(const std::array<double, 3>& state);

private:
    PlateauOptions m_options;
    double m_factor = 1;
    double m_best = std::numeric_limits<double>::quiet_NaN();
    std::int64_t m_without = 0;
};

}  // namespace lathe::train
